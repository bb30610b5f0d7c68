import { nameLimits } from './name-limits.ts';
import { render } from './rendering.ts';
import { type Finding, isObject, type Resource, type Stack } from './template.ts';

export function* checkNames(stack: Stack, stacks: readonly Stack[]): Generator<Finding> {
  if (!/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(stack.name))
    yield { rule: 'name', at: stack.name, detail: 'is not a valid stack name' };
  for (const [id, resource] of Object.entries(stack.template.Resources)) {
    for (const property of namePropertiesOf(resource)) {
      const at = `${stack.name}/${id}.${property}`;
      const limit = nameLimits.find((entry) => entry.type === resource.Type && entry.property === property);
      if (limit === undefined) {
        yield { rule: 'name', at, detail: `add the limits of ${resource.Type} to nameLimits` };
        continue;
      }
      const name = String(render(propertyAt(resource, property), stack, stacks));
      if (name.length > limit.max) yield { rule: 'name', at, detail: `${name.length} characters of ${limit.max}` };
      if (limit.pattern?.test(name) === false)
        yield { rule: 'name', at, detail: `${name} contains characters that the service rejects` };
    }
  }
}

/** As `<type> <name>`. Includes stacks and exports. */
export function uniqueNames(stacks: readonly Stack[]): readonly string[] {
  return stacks.flatMap((stack) => {
    const { Resources, Outputs } = stack.template;
    return [
      `${stack.region} AWS::CloudFormation::Stack ${stack.name}`,
      ...Object.values(Outputs).flatMap(({ Export }) =>
        Export === undefined ? [] : [`${stack.region} export ${String(render(Export.Name, stack, stacks))}`],
      ),
      ...Object.values(Resources).flatMap((resource) =>
        nameLimits
          .filter(({ type, unique }) => type === resource.Type && unique !== 'none')
          .filter(({ property }) => propertyAt(resource, property) !== undefined)
          .map(({ type, property, unique }) => {
            const name = String(render(propertyAt(resource, property), stack, stacks));
            return `${unique === 'region' ? stack.region : 'account'} ${type} ${name}`;
          }),
      ),
    ];
  });
}

/** `Name` or `<Type>Name`, or `Name` in `<Type>Config`. */
function namePropertiesOf({ Type, Properties = {} }: Resource): readonly string[] {
  const kind = Type.split('::')[2] ?? '';
  return Object.entries(Properties).flatMap(([property, value]) => {
    if (property.endsWith('Name') && kind.endsWith(property.slice(0, -'Name'.length))) return [property];
    const isConfig = property === `${kind}Config` && isObject(value) && 'Name' in value;
    return isConfig ? [`${property}.Name`] : [];
  });
}

function propertyAt({ Properties = {} }: Resource, path: string): unknown {
  return path.split('.').reduce<unknown>((value, step) => (isObject(value) ? value[step] : undefined), Properties);
}
