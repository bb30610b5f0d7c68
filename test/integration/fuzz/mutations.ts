import fc from 'fast-check';
import { hostileJson, hostileName, hostileToken } from './hostile-values.ts';
import { RawJson, withRepeatedMember } from './json-text.ts';

interface Mutation {
  readonly kind: 'replace' | 'remove' | 'add' | 'repeat' | 'wrap' | 'rename';
  readonly at: number;
  readonly name: string;
  readonly value: unknown;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom<Mutation['kind'][]>(
    'replace',
    'replace',
    'replace',
    'remove',
    'add',
    'repeat',
    'wrap',
    'rename',
  ),
  at: fc.nat(),
  name: hostileName,
  value: hostileToken,
});

/** Applies one to three mutations, which may replace the value. */
export function mutated(valid: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const changed = fc
    .tuple(valid, fc.array(mutation, { minLength: 1, maxLength: 3 }))
    .map(([value, mutations]) => mutations.reduce<unknown>((current, mutation) => mutate(current, mutation), value));
  return fc.oneof({ arbitrary: changed, weight: 12 }, { arbitrary: hostileJson, weight: 1 });
}

type Path = readonly (string | number)[];

function mutate(root: unknown, { kind, at, name, value }: Mutation): unknown {
  const parts = partsOf(root, []);
  if (kind === 'add' || kind === 'repeat') {
    const objects = parts.filter((path) => isObject(valueAt(root, path)));
    const path = objects[at % Math.max(1, objects.length)];
    if (path === undefined) return value;
    const object = valueAt(root, path) as Record<string, unknown>;
    const names = Object.keys(object);
    const repeated = kind === 'repeat' ? (names[at % Math.max(1, names.length)] ?? name) : name;
    return replaced(root, path, withRepeatedMember(object, repeated, value));
  }
  const inner = parts.filter((path) => path.length > 0);
  const path = inner[at % Math.max(1, inner.length)];
  if (path === undefined) return value;
  if (kind === 'replace') return replaced(root, path, value);
  if (kind === 'wrap')
    return replaced(root, path, at % 2 === 0 ? [valueAt(root, path)] : { value: valueAt(root, path) });
  const member = path.at(-1);
  const object = valueAt(root, path.slice(0, -1));
  if (!isObject(object) || typeof member !== 'string') return replaced(root, path, value);
  const { [member]: removed, ...rest } = object;
  if (kind === 'remove') return replaced(root, path.slice(0, -1), rest);
  return replaced(root, path.slice(0, -1), withRepeatedMember(rest, member.toUpperCase(), removed));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof RawJson);
}

function partsOf(value: unknown, path: Path): Path[] {
  if (typeof value !== 'object' || value === null || value instanceof RawJson || path.length > 6) return [path];
  const inner = Array.isArray(value)
    ? value.slice(0, 5).map((item, index) => [index, item] as const)
    : Object.entries(value);
  return [path, ...inner.flatMap(([name, part]) => partsOf(part, [...path, name]))];
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, name) => (value as Record<string | number, unknown>)[name], root);
}

function replaced(root: unknown, path: Path, value: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (Array.isArray(root))
    return root.map((item: unknown, index) => (index === name ? replaced(item, rest, value) : item));
  const entries = Object.entries(root as Record<string, unknown>);
  return Object.fromEntries(entries.map(([key, inner]) => [key, key === name ? replaced(inner, rest, value) : inner]));
}
