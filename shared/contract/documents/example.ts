import { resolve } from './json-schema.ts';
import type { JsonSchema } from './json-schema.ts';

/** Uses the examples, constants and defaults of fields. */
export function exampleOf(schema: JsonSchema, components: Readonly<Record<string, JsonSchema>>): unknown {
  const target = resolve(schema, components);
  const stated = [schema, target].find((candidate) => candidate.examples !== undefined)?.examples;
  if (stated !== undefined) return stated[0];
  if (target.const !== undefined) return target.const;
  if (target.default !== undefined) return target.default;
  if (target.enum !== undefined) return target.enum[0];
  const branch = target.anyOf?.[0] ?? target.oneOf?.[0];
  if (branch !== undefined) return exampleOf(branch, components);
  switch (Array.isArray(target.type) ? (target.type as string[])[0] : target.type) {
    case 'object':
      return exampleOfObject(target, components);
    case 'array':
      return target.items === undefined ? [] : [exampleOf(target.items, components)];
    case 'integer':
    case 'number':
      return target['minimum'] ?? 0;
    case 'boolean':
      return false;
    case 'null':
      return null;
    case 'string':
      return 'string';
    default:
      return {};
  }
}

function exampleOfObject(
  schema: JsonSchema,
  components: Readonly<Record<string, JsonSchema>>,
): Record<string, unknown> {
  const named = Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, exampleOf(inner, components)]);
  if (typeof schema.additionalProperties === 'object' && Object.keys(schema.additionalProperties).length > 0) {
    const key = String(
      exampleOf((schema['propertyNames'] as JsonSchema | undefined) ?? { type: 'string' }, components),
    );
    named.push([key, exampleOf(schema.additionalProperties, components)]);
  }
  return Object.fromEntries(named) as Record<string, unknown>;
}
