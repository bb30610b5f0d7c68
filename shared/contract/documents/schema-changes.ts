import { resolve } from './json-schema.ts';
import type { JsonSchema } from './json-schema.ts';

/** Sent values must stay valid. Received fields must remain. */
export type Direction = 'sent' | 'received';

export interface Described {
  readonly schema: JsonSchema;
  readonly components: Readonly<Record<string, JsonSchema>>;
}

const lowerBounds = ['minimum', 'minLength', 'minItems', 'minProperties'];
const upperBounds = ['maximum', 'maxLength', 'maxItems', 'maxProperties'];

/** One sentence for each breaking change. */
export function schemaChanges(old: Described, next: Described, direction: Direction, location: string): string[] {
  return compare(old, next, direction, location, new Set());
}

function compare(old: Described, next: Described, direction: Direction, location: string, seen: Set<string>): string[] {
  const pair = `${old.schema.$ref ?? ''} ${next.schema.$ref ?? ''}`;
  if (old.schema.$ref !== undefined && next.schema.$ref !== undefined) {
    // A schema can contain itself.
    if (seen.has(pair)) return [];
    seen = new Set(seen).add(pair);
  }
  const before = resolve(old.schema, old.components);
  const after = resolve(next.schema, next.components);
  const inner = (a: JsonSchema, b: JsonSchema, where: string) =>
    compare({ ...old, schema: a }, { ...next, schema: b }, direction, where, seen);

  const changes = [
    ...typeChanges(before, after, direction, location),
    ...valueChanges(before, after, location),
    ...(direction === 'sent' ? limitChanges(before, after, location) : []),
    ...requiredChanges(before, after, direction, location),
    ...alternativeChanges(before, after, direction, location),
  ];
  for (const [name, property] of Object.entries(before.properties ?? {})) {
    const counterpart = after.properties?.[name];
    if (counterpart === undefined) changes.push(`${location}: the field ${name} was removed`);
    else changes.push(...inner(property, counterpart, `${location}.${name}`));
  }
  if (before.items !== undefined && after.items !== undefined) {
    changes.push(...inner(before.items, after.items, `${location}[]`));
  }
  if (typeof before.additionalProperties === 'object' && typeof after.additionalProperties === 'object') {
    changes.push(...inner(before.additionalProperties, after.additionalProperties, `${location}{}`));
  }
  before.allOf?.forEach((member, index) => {
    const counterpart = after.allOf?.[index];
    if (counterpart !== undefined) changes.push(...inner(member, counterpart, location));
    else if (direction === 'received') changes.push(`${location}: a part of the schema was removed`);
  });
  return changes;
}

function typeChanges(old: JsonSchema, next: JsonSchema, direction: Direction, location: string): string[] {
  const [before, after] = [typesOf(old), typesOf(next)];
  const allowed = direction === 'sent' ? after : before;
  const produced = direction === 'sent' ? before : after;
  const fits = produced.every((type) => allowed.includes(type) || (type === 'integer' && allowed.includes('number')));
  // No type means every type, harmless only on the allowing side.
  if (allowed.length === 0 || (fits && produced.length > 0)) return [];
  return [`${location}: the type was ${before.join(' or ') || 'any'} and is ${after.join(' or ') || 'any'}`];
}

function typesOf({ type }: JsonSchema): readonly string[] {
  if (type === undefined) return [];
  return typeof type === 'string' ? [type] : type;
}

function valueChanges(old: JsonSchema, next: JsonSchema, location: string): string[] {
  const [before, after] = [valuesOf(old), valuesOf(next)];
  if (before === undefined || after === undefined) return [];
  const kept = new Set(after.map((value) => JSON.stringify(value)));
  return before
    .filter((value) => !kept.has(JSON.stringify(value)))
    .map((value) => `${location}: the value ${String(value)} was removed`);
}

function valuesOf(schema: JsonSchema): readonly unknown[] | undefined {
  return schema.enum ?? ('const' in schema ? [schema.const] : undefined);
}

function limitChanges(old: JsonSchema, next: JsonSchema, location: string): string[] {
  const narrowed = (names: readonly string[], absent: number, isNarrower: (a: number, b: number) => boolean) =>
    names.filter((name) => isNarrower(Number(next[name] ?? absent), Number(old[name] ?? absent)));
  const changes = [
    ...narrowed(lowerBounds, -Infinity, (a, b) => a > b),
    ...narrowed(upperBounds, Infinity, (a, b) => a < b),
  ].map(
    (name) => `${location}: ${name} was ${JSON.stringify(old[name] ?? 'absent')} and is ${JSON.stringify(next[name])}`,
  );
  if (next['pattern'] !== undefined && next['pattern'] !== old['pattern']) {
    changes.push(`${location}: the pattern changed`);
  }
  if (valuesOf(old) === undefined && valuesOf(next) !== undefined) {
    changes.push(`${location}: only certain values are allowed now`);
  }
  return changes;
}

function requiredChanges(old: JsonSchema, next: JsonSchema, direction: Direction, location: string): string[] {
  const [before, after] = [old.required ?? [], next.required ?? []];
  if (direction === 'sent') {
    return after
      .filter((name) => !before.includes(name))
      .map((name) => `${location}: the field ${name} became required`);
  }
  return before
    .filter((name) => !after.includes(name) && next.properties?.[name] !== undefined)
    .map((name) => `${location}: the field ${name} became optional`);
}

function alternativeChanges(old: JsonSchema, next: JsonSchema, direction: Direction, location: string): string[] {
  const [before, after] = [old, next].map((schema) => (schema.anyOf ?? schema.oneOf ?? []).map(meaning)) as [
    string[],
    string[],
  ];
  const [produced, allowed] = direction === 'sent' ? [before, after] : [after, before];
  if (allowed.length === 0 || produced.every((alternative) => allowed.includes(alternative))) return [];
  return [`${location}: the alternatives changed`];
}

function meaning(schema: JsonSchema): string {
  return JSON.stringify(schema, (key, value: unknown) =>
    key === 'description' || key === 'examples' ? undefined : value,
  );
}
