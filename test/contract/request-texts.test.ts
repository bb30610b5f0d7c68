import * as z from 'zod/mini';
import { describe, expect, it } from 'vitest';
import { actions, routes } from '../../shared/contract/registry.ts';
import { text, wellFormed, wellFormedThroughout } from '../../shared/contract/schemas/text.ts';
import { provisioningSchema } from '../../shared/features/provisioning/commands.ts';

type Definition = z.core.$ZodTypeDef & Readonly<Record<string, unknown>>;

function unguarded(schema: z.core.$ZodType, path: string, isGuarded = false): string[] {
  const definition = schema._zod.def as Definition;
  const checks = (definition['checks'] ?? []) as unknown[];
  const inner = (member: unknown, name: string, guarded = isGuarded) =>
    unguarded(member as z.core.$ZodType, `${path}/${name}`, guarded);
  switch (definition.type) {
    case 'string':
      return isGuarded || checks.includes(wellFormed) ? [] : [path];
    case 'record':
      return [
        ...inner(definition['keyType'], 'name', false),
        ...inner(definition['valueType'], 'value', checks.includes(wellFormedThroughout)),
      ];
    case 'object':
      return Object.entries(definition['shape'] as object).flatMap(([name, member]) => inner(member, name));
    case 'array':
      return inner(definition['element'], 'item');
    case 'union':
      return (definition['options'] as unknown[]).flatMap((option, index) => inner(option, String(index)));
    case 'optional':
    case 'nullable':
    case 'default':
      return inner(definition['innerType'], definition.type);
    case 'pipe':
      return inner(definition['in'], 'in');
    // `z.json()` hides the schemas of its values.
    case 'lazy':
      return isGuarded ? [] : [path];
    case 'enum':
    case 'literal':
    case 'number':
    case 'int':
    case 'boolean':
    case 'null':
      return [];
    default:
      return [`${path} (${definition.type})`];
  }
}

describe('the schemas of requests', () => {
  const schemas: (readonly [name: string, schema: z.core.$ZodType])[] = [
    ...routes.flatMap((route) => [
      ...Object.entries(route.params).map(([name, schema]) => [`${route.operationId} path/${name}`, schema] as const),
      [`${route.operationId} query`, route.query] as const,
      ...(route.body === undefined ? [] : [[`${route.operationId} body`, route.body] as const]),
    ]),
    ...actions.map((action) => [`${action.action} data`, action.data] as const),
    ['provision', provisioningSchema] as const,
  ];

  it.each(schemas)('checks every text for malformed Unicode: %s', (name, schema) => {
    expect(unguarded(schema, name)).toEqual([]);
  });
});

it.each([
  ['a plain text', z.strictObject({ a: z.optional(z.string()) }), 'x/a/optional'],
  ['names of members', z.record(z.string(), text()), 'x/name'],
  ['any JSON', z.strictObject({ a: z.json() }), 'x/a'],
  ['anything', z.array(z.unknown()), 'x/item (unknown)'],
])('reports %s', (_, schema, path) => {
  expect(unguarded(schema, 'x')).toEqual([path]);
});
