import { readFileSync } from 'node:fs';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import * as z from 'zod';

export interface Finding {
  readonly rule: string;
  /** `<stack>/<logical id>.<path>`. */
  readonly at: string;
  readonly detail: string;
}

const members = z.record(z.string(), z.unknown());
const text = z.string();

/** `Snapshot` is missing: no resource of ours supports it. */
const resource = z.strictObject({
  Type: text,
  Properties: members.optional(),
  DependsOn: z.union([text, z.array(text)]).optional(),
  Condition: text.optional(),
  Metadata: members.optional(),
  DeletionPolicy: z.enum(['Delete', 'Retain', 'RetainExceptOnCreate']).optional(),
  UpdateReplacePolicy: z.enum(['Delete', 'Retain']).optional(),
  CreationPolicy: members.optional(),
  UpdatePolicy: members.optional(),
});

/** CloudFormation User Guide, "Template sections". */
const template = z.strictObject({
  AWSTemplateFormatVersion: z.literal('2010-09-09').optional(),
  Description: text.optional(),
  Metadata: members.optional(),
  Parameters: z.record(text, z.looseObject({ Type: text })).default({}),
  Mappings: z.record(text, z.record(text, members)).default({}),
  Conditions: members.default({}),
  Resources: z.record(text.regex(/^[A-Za-z0-9]{1,255}$/), resource),
  Outputs: z
    .record(
      text.regex(/^[A-Za-z0-9]{1,255}$/),
      z.strictObject({
        Value: z.unknown(),
        Description: text.max(1024).optional(),
        Export: z.strictObject({ Name: z.unknown() }).optional(),
        Condition: text.optional(),
      }),
    )
    .default({}),
});

export type Template = z.output<typeof template>;
export type Resource = z.output<typeof resource>;

export interface StackSource {
  readonly name: string;
  readonly region: string;
  readonly source: string;
}

export interface Stack {
  readonly name: string;
  readonly region: string;
  readonly bytes: number;
  readonly template: Template;
}

export function stackSources(assembly: CloudAssembly): readonly StackSource[] {
  return assembly.stacks.map((stack) => ({
    name: stack.stackName,
    region: stack.environment.region,
    source: readFileSync(stack.templateFullPath, 'utf8'),
  }));
}

export function readStack({ name, region, source }: StackSource): Stack | readonly Finding[] {
  const parsed = template.safeParse(JSON.parse(source));
  return parsed.success
    ? { name, region, bytes: Buffer.byteLength(source), template: parsed.data }
    : parsed.error.issues.map((issue) => ({
        rule: 'structure',
        at: `${name}/${issue.path.map(String).join('.')}`,
        detail: issue.code === 'unrecognized_keys' ? `unknown: ${issue.keys.join(', ')}` : issue.message,
      }));
}

export function* ofType(stack: Stack, ...types: readonly string[]): Generator<readonly [string, Resource]> {
  for (const [id, resource] of Object.entries(stack.template.Resources)) {
    if (types.includes(resource.Type)) yield [id, resource];
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
