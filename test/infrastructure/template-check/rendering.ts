import { intrinsicOf, noValue } from './intrinsics.ts';
import { nameLimits } from './name-limits.ts';
import { isObject, type Resource, type Stack } from './template.ts';

/** Longer than all attribute values except ARNs. */
const otherAttribute = 'x'.repeat(128);

/** Names and ids that only AWS knows become placeholders of the maximum length. */
export function render(value: unknown, stack: Stack, stacks: readonly Stack[]): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => render(item, stack, stacks)).filter((item) => item !== undefined);
  }
  if (!isObject(value)) return value;
  const call = intrinsicOf(value);
  if (call === undefined) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, render(member, stack, stacks)]));
  }
  const argument = call.argument;
  const list = Array.isArray(argument) ? (argument as readonly unknown[]) : [];
  const rendered = (part: unknown) => render(part, stack, stacks);
  switch (call.name) {
    case 'Ref':
      return valueOfName(String(argument), stack, stacks);
    case 'Fn::GetAtt': {
      const [id, attribute] = typeof argument === 'string' ? argument.split('.') : list.map(String);
      return valueOfAttribute(String(id), String(attribute), stack, stacks);
    }
    case 'Fn::Sub': {
      const [text, values = {}] = typeof argument === 'string' ? [argument] : list;
      return String(text).replace(/\$\{([^!}][^}]*)\}/g, (_, variable: string) => {
        if (isObject(values) && variable in values) return String(rendered(values[variable]));
        const [id = '', attribute] = variable.split('.');
        return String(
          attribute === undefined ? valueOfName(id, stack, stacks) : valueOfAttribute(id, attribute, stack, stacks),
        );
      });
    }
    case 'Fn::Join':
      return (rendered(list[1]) as readonly unknown[]).join(String(list[0]));
    case 'Fn::Split':
      return String(rendered(list[1])).split(String(list[0]));
    case 'Fn::Select':
      return (rendered(list[1]) as readonly unknown[])[Number(list[0])] ?? otherAttribute;
    case 'Fn::If':
      return rendered(list[1]);
    case 'Fn::Base64':
      return Buffer.from(String(rendered(argument))).toString('base64');
    case 'Fn::ImportValue':
      return (
        followImport(argument, stacks, (exported, exporter) => render(exported, exporter, stacks)) ?? otherAttribute
      );
    default:
      return otherAttribute;
  }
}

/** Returns `<stack>/<logical id>`, in any stack. */
export function resourceOf(value: unknown, stack: Stack, stacks: readonly Stack[]): string | undefined {
  const call = intrinsicOf(value);
  if (call === undefined) return undefined;
  if (call.name === 'Fn::ImportValue') {
    return followImport(call.argument, stacks, (exported, exporter) => resourceOf(exported, exporter, stacks));
  }
  if (call.name !== 'Ref' && call.name !== 'Fn::GetAtt') return undefined;
  const id = String(Array.isArray(call.argument) ? call.argument[0] : call.argument).split('.')[0] ?? '';
  return id in stack.template.Resources ? `${stack.name}/${id}` : undefined;
}

/** Size as compact JSON, which is how services count policies. */
export function sizeOf(value: unknown): number {
  return value === undefined ? 0 : Buffer.byteLength(typeof value === 'string' ? value : JSON.stringify(value));
}

function followImport<Result>(
  name: unknown,
  stacks: readonly Stack[],
  follow: (exported: unknown, exporter: Stack) => Result,
): Result | undefined {
  for (const exporter of stacks) {
    const output = Object.values(exporter.template.Outputs).find(({ Export }) => Export?.Name === name);
    if (output !== undefined) return follow(output.Value, exporter);
  }
  return undefined;
}

function valueOfName(name: string, stack: Stack, stacks: readonly Stack[]): unknown {
  const pseudo: Readonly<Record<string, string | undefined>> = {
    'AWS::AccountId': '123456789012',
    'AWS::Partition': 'aws',
    'AWS::Region': stack.region,
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stack.name,
    [noValue]: undefined,
  };
  if (name in pseudo) return pseudo[name];
  const resource = stack.template.Resources[name];
  return resource === undefined ? otherAttribute : nameOf(resource, stack, stacks);
}

function nameOf(resource: Resource, stack: Stack, stacks: readonly Stack[]): string {
  const limit = nameLimits.find(({ type }) => type === resource.Type);
  const setName = limit === undefined ? undefined : resource.Properties?.[limit.property];
  return setName === undefined ? 'x'.repeat(limit?.max ?? 64) : String(render(setName, stack, stacks));
}

function valueOfAttribute(id: string, attribute: string, stack: Stack, stacks: readonly Stack[]): string {
  const resource = stack.template.Resources[id];
  if (resource === undefined || !attribute.endsWith('Arn')) return otherAttribute;
  const service = resource.Type.split('::')[1]?.toLowerCase() ?? '';
  const suffix = attribute === 'Arn' ? '' : `/stream/2026-01-01T00:00:00.000`;
  return `arn:aws:${service}:${stack.region}:123456789012:resource/${nameOf(resource, stack, stacks)}${suffix}`;
}
