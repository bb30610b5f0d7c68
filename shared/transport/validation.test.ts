import * as z from 'zod/mini';
import { describe, expect, it } from 'vitest';
import { validate, validationDetails } from './validation.ts';

const schema = z.strictObject({
  name: z.string().check(z.minLength(1)),
  nested: z.optional(z.strictObject({ 'a/b~c': z.int() })),
});

it('reports every invalid field at once, with a JSON pointer and the fix', () => {
  const result = validate(schema, 'body', { name: '', nested: { 'a/b~c': 'x' }, extra: 1, other: 2 });
  expect(result).toEqual({
    valid: false,
    errors: [
      { pointer: '/body/name', code: 'too_small', detail: expect.stringContaining('1') as string },
      { pointer: '/body/nested/a~1b~0c', code: 'invalid_type', detail: expect.stringContaining('expected') as string },
      { pointer: '/body/extra', code: 'unrecognized_keys', detail: expect.any(String) as string },
      { pointer: '/body/other', code: 'unrecognized_keys', detail: expect.any(String) as string },
    ],
  });
});

describe('the errors of validate', () => {
  const errorsFor = (names: readonly string[]) => {
    const result = validate(schema, 'body', { name: 'x', ...Object.fromEntries(names.map((name) => [name, 1])) });
    return result.valid ? [] : result.errors;
  };

  it('has at most twenty entries', () => {
    expect(errorsFor(Array.from({ length: 6000 }, (_, index) => `n${index}`))).toHaveLength(20);
    const list = validate(z.array(z.string()), 'body', Array(5000).fill(1));
    expect(list.valid ? [] : list.errors).toHaveLength(20);
  });

  it('stays short and well-formed for any member name', () => {
    const errors = errorsFor(Array.from({ length: 20 }, (_, index) => `${index}\0\ud800`.repeat(1000)));
    const { detail } = validationDetails(errors);
    expect(Buffer.byteLength(JSON.stringify({ detail, errors }))).toBeLessThan(100_000);
    expect(errors.every(({ pointer }) => pointer.isWellFormed())).toBe(true);
    expect(errorsFor([`${'a'.repeat(99)}😀`])[0]?.pointer.isWellFormed()).toBe(true);
  });

  it('points to the deepest member that a pointer of limited length can reach', () => {
    const deep = z.record(z.string(), z.record(z.string(), z.record(z.string(), z.record(z.string(), z.string()))));
    const name = 'n'.repeat(100);
    const result = validate(deep, 'body', { [name]: { [name]: { [name]: { [name]: 1 } } } });
    expect(result.valid ? [] : result.errors.map(({ pointer }) => pointer)).toEqual([`/body/${name}/${name}`]);
  });

  it('reports an invalid member name', () => {
    const names = z.record(z.string().check(z.maxLength(3)), z.int());
    const result = validate(names, 'body', { long: 1 });
    expect(result.valid ? [] : result.errors).toEqual([
      { pointer: '/body/long', code: 'too_big', detail: expect.stringContaining('3') as string },
    ]);
  });
});

it('never quotes the input', () => {
  const result = validate(schema, 'body', { name: 7, nested: { 'a/b~c': 'my secret' } });
  expect(JSON.stringify(result)).not.toContain('my secret');
});

it('rejects a member called __proto__ and does not change the prototype of objects', () => {
  const polluted: unknown = JSON.parse('{"name":"x","__proto__":{"admin":true}}');
  expect(validate(schema, 'body', polluted).valid).toBe(false);
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
});
