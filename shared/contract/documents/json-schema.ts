import * as z from 'zod/mini';
import type { Schema } from '../kit/define-route.ts';

/** Draft 2020-12, as in OpenAPI 3.1 and AsyncAPI 3.0. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
}

const prefix = '#/components/schemas/';

export function referencedName(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

export function resolve(schema: JsonSchema, components: Readonly<Record<string, JsonSchema>>): JsonSchema {
  if (schema.$ref === undefined) return schema;
  const target = components[referencedName(schema.$ref)];
  if (target === undefined) throw new Error(`No schema is called ${schema.$ref}`);
  return target;
}

export interface SchemaWriter {
  /** Returns a reference for a named schema. */
  write(schema: Schema): JsonSchema;
  readonly components: Readonly<Record<string, JsonSchema>>;
}

/** As clients see them (`io: 'input'`). A schema registered with an `id` becomes a component. */
export function schemaWriter(): SchemaWriter {
  const components: Record<string, JsonSchema> = {};
  return {
    components,
    write(schema) {
      const {
        $schema: _dialect,
        $defs,
        id: name,
        ...written
      } = z.toJSONSchema(schema, {
        io: 'input',
        override: ({ zodSchema, jsonSchema }) => {
          const sent: unknown = z.globalRegistry.get(zodSchema)?.['sent'];
          if (sent === undefined) return;
          const { description } = jsonSchema;
          for (const keyword of Object.keys(jsonSchema)) delete jsonSchema[keyword];
          Object.assign(jsonSchema, sent, description === undefined ? {} : { description });
        },
      });
      for (const [name, definition] of Object.entries($defs ?? {})) {
        components[name] ??= withoutNoise(definition) as JsonSchema;
      }
      if (name === undefined) return withoutNoise(written) as JsonSchema;
      components[name] ??= withoutNoise(written) as JsonSchema;
      return { $ref: prefix + name };
    },
  };
}

/** Converts references, and removes zod's bounds of integers. */
function withoutNoise(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNoise);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
    if (key === '$ref') return [[key, prefix + referencedName(String(inner))]];
    if ((key === 'minimum' || key === 'maximum') && Math.abs(Number(inner)) === Number.MAX_SAFE_INTEGER) return [];
    return [[key, withoutNoise(inner)]];
  });
  return Object.fromEntries(entries);
}

export function sortedByName<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
