import * as z from 'zod/mini';
import { expect, it } from 'vitest';
import { validate } from './validation.ts';

const schema = z.strictObject({
  name: z.string().check(z.minLength(1)),
  nested: z.optional(z.strictObject({ 'a/b~c': z.int() })),
});

it('names every wrong field at once, with a JSON pointer and the fix', () => {
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

it('never repeats what was sent', () => {
  const result = validate(schema, 'body', { name: 7, nested: { 'a/b~c': 'my secret' } });
  expect(JSON.stringify(result)).not.toContain('my secret');
});

it('takes objects without a prototype, and refuses polluting keys', () => {
  const polluted: unknown = JSON.parse('{"name":"x","__proto__":{"admin":true}}');
  expect(validate(schema, 'body', polluted).valid).toBe(false);
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
});
