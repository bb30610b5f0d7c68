import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestValue, placeholdersIn, type PlaceholderValues, renderPlaceholders } from './placeholder.ts';

const rendered = (text: string, values: PlaceholderValues = {}) => renderPlaceholders(text, values);

describe('a placeholder', () => {
  it('is replaced by its value, everywhere in the text', () => {
    expect(rendered('{host} of {team}: {host}', { host: 'web-3', team: 'Ops' })).toEqual({
      text: 'web-3 of Ops: web-3',
      unresolved: [],
    });
  });

  it('stays visible without a value, and is reported once', () => {
    expect(rendered('{b} {a} {b}')).toEqual({ text: '{b} {a} {b}', unresolved: ['b', 'a'] });
  });

  it('becomes its default without a value, even if the default is empty', () => {
    expect(rendered('Hello {name|there}{sign|}')).toEqual({ text: 'Hello there', unresolved: [] });
    expect(rendered('Hello {name|there}', { name: 'Ada' }).text).toBe('Hello Ada');
  });

  it.each([undefined, null, '', ' \n'])('treats the blank value %j as missing', (name) => {
    expect(rendered('{name} {name|x}', { name })).toEqual({ text: '{name} x', unresolved: ['name'] });
  });

  it.each([
    [0, '0'],
    [false, 'false'],
    [1.5, '1.5'],
  ])('shows the value %j', (value, text) => {
    expect(rendered('{value}', { value }).text).toBe(text);
  });

  it('does not read inherited members', () => {
    const text = '{constructor} {toString} {hasOwnProperty}';
    expect(rendered(text)).toEqual({ text, unresolved: ['constructor', 'toString', 'hasOwnProperty'] });
  });

  it('is shown as it is written after a backslash', () => {
    expect(rendered(String.raw`Type \{name} or \{name|x}, {name}`, { name: 'Ada' }).text).toBe(
      'Type {name} or {name|x}, Ada',
    );
    expect(placeholdersIn(String.raw`\{name} {other|x}`)).toEqual([{ name: 'other', default: 'x' }]);
  });

  it.each(['{}', '{ name }', '{1}', '{"a":{"b":1}}', '{name', 'name}', String.raw`C:\temp\{}`, '{a b}', '{a|\n}'])(
    'is not found in %j, which stays unchanged',
    (text) => {
      expect(rendered(text, { name: 'x', a: 'x' })).toEqual({ text, unresolved: [] });
      expect(placeholdersIn(text)).toEqual([]);
    },
  );
});

describe('a value', () => {
  it('is inserted as it is, without a second replacement', () => {
    expect(rendered('{a} {b}', { a: '{b}', b: '$& $1 $$' }).text).toBe('{b} $& $1 $$');
  });

  it('is shortened to the limit, between characters', () => {
    const { text } = rendered('{a}', { a: '😀'.repeat(longestValue + 1) });
    expect([...text]).toHaveLength(longestValue);
    expect(text).toMatch(/^😀+…$/u);
    expect(rendered('{a}', { a: 'x'.repeat(longestValue) }).text).toHaveLength(longestValue);
  });

  it('leaves no half of a surrogate pair in the text', () => {
    expect(rendered('{a}', { a: 'x\ud83d' }).text.isWellFormed()).toBe(true);
  });
});

it('renders every text, and reports exactly the placeholders that stay visible', () => {
  const values = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.string());
  const parts = fc.array(
    fc.oneof(fc.string(), fc.constantFrom('{a}', '{b}', '{c|}', '{d|x}', String.raw`\{a}`, '{', '}', '\\')),
  );
  fc.assert(
    fc.property(parts, values, (list, given) => {
      const text = list.join('');
      const result = rendered(text, given);
      const missing = placeholdersIn(text)
        .filter(({ name, default: standard }) => standard === undefined && (given[name] ?? '').trim() === '')
        .map(({ name }) => name);
      expect(result.unresolved).toEqual([...new Set(missing)]);
      for (const name of result.unresolved) expect(result.text).toContain(`{${name}}`);
    }),
  );
});
