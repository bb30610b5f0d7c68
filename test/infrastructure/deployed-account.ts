import type { CloudAssembly, CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { resourceType } from './template-check/specification.ts';

interface DeployedResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export interface DeployedTemplate {
  readonly Resources?: Readonly<Record<string, DeployedResource>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: unknown } }>
  >;
}

export interface DeployableStack {
  readonly name: string;
  readonly template: DeployedTemplate;
}

export function stacksInOrder(assembly: CloudAssembly): readonly DeployableStack[] {
  const ordered = new Set<CloudFormationStackArtifact>();
  const add = (stack: CloudFormationStackArtifact): void => {
    for (const dependency of stack.dependencies) {
      if (assembly.stacks.includes(dependency as CloudFormationStackArtifact)) {
        add(dependency as CloudFormationStackArtifact);
      }
    }
    ordered.add(stack);
  };
  for (const stack of assembly.stacks) add(stack);
  return [...ordered].map((stack) => ({ name: stack.stackName, template: stack.template as DeployedTemplate }));
}

/**
 * CloudFormation's rules: an import needs its export, an export in use cannot change, and export names are unique.
 * Replacing a resource changes its exports.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
 */
export class DeployedAccount {
  readonly #stacks = new Map<string, DeployedTemplate>();

  /**
   * Deploys in the given order until CloudFormation rejects a stack.
   * @throws Error with CloudFormation's message.
   */
  deploy(stacks: readonly DeployableStack[]): void {
    for (const stack of stacks) this.#update(stack);
  }

  #update({ name, template }: DeployableStack): void {
    const otherStacks = [...this.#stacks].filter(([stackName]) => stackName !== name);
    const available = new Set(otherStacks.flatMap(([, deployed]) => [...exportsOf(deployed).keys()]));
    for (const imported of importsOf(template)) {
      if (!available.has(imported)) throw new Error(`${name}: No export named ${imported} found`);
    }
    const newExports = exportsOf(template);
    for (const exported of newExports.keys()) {
      if (available.has(exported)) throw new Error(`${name}: Export with name ${exported} is already exported`);
    }
    const before = this.#stacks.get(name) ?? {};
    for (const [exported, value] of exportsOf(before)) {
      const user = otherStacks.find(([, deployed]) => importsOf(deployed).has(exported))?.[0];
      const isSame = newExports.get(exported) === value && !isReplaced(resourceIn(value), before, template);
      if (user === undefined || isSame) continue;
      const change = newExports.has(exported) ? 'updated' : 'deleted';
      throw new Error(`${name}: Export ${exported} cannot be ${change} as it is in use by ${user}`);
    }
    this.#stacks.set(name, template);
  }

  get stackNames(): readonly string[] {
    return [...this.#stacks.keys()];
  }

  /** @throws Error while another stack imports from this one. */
  destroy(name: string): void {
    const { Resources: resources = {} } = this.#stacks.get(name) ?? {};
    this.#update({ name, template: { Resources: resources } });
    this.#stacks.delete(name);
  }
}

function resourceIn(value: string): string | undefined {
  const parsed = JSON.parse(value) as { readonly Ref?: string; readonly 'Fn::GetAtt'?: readonly [string, string] };
  return parsed['Fn::GetAtt']?.[0] ?? parsed.Ref;
}

function isReplaced(logicalId: string | undefined, before: DeployedTemplate, after: DeployedTemplate): boolean {
  if (logicalId === undefined) return false;
  const [old, now] = [before.Resources?.[logicalId], after.Resources?.[logicalId]];
  if (old === undefined || now === undefined) return false;
  return Object.entries(resourceType(now.Type)?.properties ?? {}).some(
    ([name, { causesReplacement }]) =>
      causesReplacement === 'yes' && JSON.stringify(old.Properties?.[name]) !== JSON.stringify(now.Properties?.[name]),
  );
}

export function exportsOf({ Outputs: outputs = {} }: DeployedTemplate): ReadonlyMap<string, string> {
  return new Map(
    Object.values(outputs).flatMap(({ Value: value, Export: exported }) =>
      exported === undefined ? [] : [[textOf(exported.Name), JSON.stringify(value)] as const],
    ),
  );
}

export function importsOf(template: DeployedTemplate): ReadonlySet<string> {
  const found = new Set<string>();
  JSON.stringify(template, (key, value: unknown) => {
    if (key === 'Fn::ImportValue') found.add(textOf(value));
    return value;
  });
  return found;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
