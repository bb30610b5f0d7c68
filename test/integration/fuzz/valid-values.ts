import fc from 'fast-check';
import { type JsonSchema, resolve } from '../../../shared/contract/documents/json-schema.ts';
import { canary } from './hostile-values.ts';
import { RawJson } from './json-text.ts';
import type { ExistingValues } from './existing-values.ts';

const ulidExample = '01KAJ70A5CE8G1H3J6K9M2P4QR';
const freeText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ minLength: 1, maxLength: 60 }).map((text) => `${canary} ${text}`),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
  fc.lorem({ maxCount: 8 }),
);

/** Ends a recursive schema, rarely with a very deep value. */
const innermost: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: fc.constantFrom<unknown>(null, 'end', 1), weight: 60 },
  { arbitrary: fc.constant(new RawJson('['.repeat(6_000) + ']'.repeat(6_000))), weight: 1 },
);

export class ValidValues {
  readonly #components: Readonly<Record<string, JsonSchema>>;
  readonly #existing: ExistingValues;
  readonly #path: string[] = [];

  constructor(components: Readonly<Record<string, JsonSchema>>, existing: ExistingValues) {
    this.#components = components;
    this.#existing = existing;
  }

  of(schema: JsonSchema, name = ''): fc.Arbitrary<unknown> {
    const { $ref } = schema;
    if ($ref === undefined) return this.#made(schema, name);
    if (this.#path.filter((ref) => ref === $ref).length === 2) return innermost;
    this.#path.push($ref);
    try {
      return this.#made(schema, name);
    } finally {
      this.#path.pop();
    }
  }

  #made(schema: JsonSchema, name: string): fc.Arbitrary<unknown> {
    const target = { ...resolve(schema, this.#components) };
    if (target.const !== undefined) return fc.constant(target.const);
    if (target.enum !== undefined) return fc.constantFrom(...target.enum);
    const branches = target.anyOf ?? target.oneOf;
    if (branches !== undefined) return fc.oneof(...branches.map((branch) => this.of(branch, name)));
    if (target.allOf !== undefined && target.type === undefined) {
      const parts = fc.tuple(...target.allOf.map((part) => this.of(part, name)));
      return parts.map((values) => Object.assign({}, ...values) as unknown);
    }
    const types: readonly string[] = typeof target.type === 'string' ? [target.type] : (target.type ?? ['any']);
    return types.length === 1
      ? this.#ofType(types[0] ?? 'any', target, name)
      : fc.oneof(...types.map((type) => this.#ofType(type, target, name)));
  }

  #ofType(type: string, schema: JsonSchema, name: string): fc.Arbitrary<unknown> {
    switch (type) {
      case 'string':
        return this.#text(schema, name);
      case 'integer':
        return integers(schema);
      case 'number':
        return fc.oneof(integers(schema), fc.double({ ...bounds(schema), noNaN: true, noDefaultInfinity: true }));
      case 'boolean':
        return fc.boolean();
      case 'null':
        return fc.constant(null);
      case 'array':
        return this.#list(schema, name);
      case 'object':
        return this.#object(schema);
      case 'any':
        return fc.jsonValue({ maxDepth: 3 });
      default:
        throw new Error(`The fuzz does not support the type ${type}`);
    }
  }

  #text(schema: JsonSchema, name: string): fc.Arbitrary<string> {
    const { pattern, minLength = 0, maxLength, examples } = schema as Limits;
    if (pattern !== undefined && new RegExp(pattern).test(ulidExample)) return this.#existing.idOf(name);
    const made: fc.Arbitrary<string>[] = examples === undefined ? [] : [fc.constantFrom(...examples)];
    const matching = pattern === undefined ? undefined : textsLike(pattern);
    if (matching !== undefined) made.push(matching);
    else {
      const long = (text: string) => text.slice(0, maxLength).padEnd(minLength, 'x');
      made.push(freeText.map(long));
      if (minLength > 0) made.push(fc.constant('x'.repeat(minLength)));
      if (maxLength !== undefined) made.push(fc.constantFrom('x'.repeat(maxLength), '𝒳'.repeat(maxLength / 2)));
    }
    // An example replaces texts that do not match.
    const patterns = (schema.allOf ?? []).map((part) => new RegExp((part as Limits).pattern ?? '', 'u'));
    const spare = fc
      .oneof(...made.map((arbitrary, index) => ({ arbitrary, weight: index === 0 ? made.length * 2 : 1 })))
      .map((text) => (patterns.every((pattern) => pattern.test(text)) ? text : (examples?.[0] ?? text)));
    return fc
      .tuple(this.#existing.of(name), spare, fc.boolean())
      .map(([existing, text, preferred]) => (preferred && existing !== undefined ? existing : text));
  }

  #list(schema: JsonSchema, name: string): fc.Arbitrary<unknown[]> {
    const { minItems = 0, maxItems = 200 } = schema as Limits;
    const item = schema.items === undefined ? fc.jsonValue({ maxDepth: 2 }) : this.of(schema.items, name);
    const few = fc.array(item, { minLength: minItems, maxLength: Math.min(maxItems, minItems + 5) });
    const most = fc.array(item, { minLength: Math.min(maxItems, 60), maxLength: Math.min(maxItems, 60) });
    return fc.oneof({ arbitrary: few, weight: 30 }, { arbitrary: most, weight: 1 });
  }

  #object(schema: JsonSchema): fc.Arbitrary<Record<string, unknown>> {
    const named = Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, this.of(inner, name)] as const);
    const required = schema.required ?? [];
    const any = fc.record(Object.fromEntries(named), { requiredKeys: [...required] });
    // Members that exclude each other would rarely appear alone.
    const few = fc.tuple(any, fc.nat()).map(([whole, choice]) => {
      const optional = Object.keys(whole).filter((name) => !required.includes(name));
      const kept = optional[choice % (optional.length + 1)];
      return Object.fromEntries(Object.entries(whole).filter(([name]) => name === kept || required.includes(name)));
    });
    const record: fc.Arbitrary<Record<string, unknown>> = fc.oneof(any, few);
    const { additionalProperties: others } = schema;
    if (others === undefined || typeof others === 'boolean') return record;
    const names = this.of((schema['propertyNames'] as JsonSchema | undefined) ?? { type: 'string' }, 'conversationId');
    const more = fc.dictionary(names as fc.Arbitrary<string>, this.of(others), { maxKeys: 6 });
    return fc.tuple(record, more).map(([own, added]) => ({ ...own, ...added }));
  }
}

interface Limits {
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly examples?: readonly string[];
}

function bounds(schema: JsonSchema): { readonly min: number; readonly max: number } {
  return {
    min: Number(schema['minimum'] ?? schema['exclusiveMinimum'] ?? Number.MIN_SAFE_INTEGER),
    max: Number(schema['maximum'] ?? schema['exclusiveMaximum'] ?? Number.MAX_SAFE_INTEGER),
  };
}

function integers(schema: JsonSchema): fc.Arbitrary<number> {
  const [min, max] = [Math.ceil(bounds(schema).min), Math.floor(bounds(schema).max)];
  const small = Math.min(max, Math.max(min, 0) + 12);
  return fc.oneof(
    { arbitrary: fc.integer({ min: Math.max(min, Math.min(0, small)), max: small }), weight: 6 },
    {
      arbitrary: fc.integer({ min: Math.min(max, Math.max(min, 0)), max: Math.min(max, Math.max(min, 0) + 300) }),
      weight: 3,
    },
    { arbitrary: fc.constantFrom(min, max), weight: 1 },
    { arbitrary: fc.maxSafeInteger().map((value) => Math.min(max, Math.max(min, value))), weight: 1 },
  );
}

/** Undefined if such texts cannot be generated, as for assertions. */
function textsLike(pattern: string): fc.Arbitrary<string> | undefined {
  try {
    return fc.stringMatching(new RegExp(pattern));
  } catch {
    return undefined;
  }
}
