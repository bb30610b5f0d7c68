import { describe, expect, it } from 'vitest';
import { validationFailed } from '../contract/problems.ts';
import { refuse } from '../core/refusal.ts';
import { withPointersInto } from './refusal-pointers.ts';

const partOf = (member: string) => (member === 'userId' ? 'path' : 'body');
const pointersOf = (...pointers: readonly string[]) => {
  const errors = pointers.map((pointer) => ({ pointer, code: 'custom', detail: 'must be another' }));
  const refusal = withPointersInto(refuse(validationFailed, { errors }), partOf);
  return refusal.errors?.map(({ pointer }) => pointer);
};

describe('withPointersInto', () => {
  it('begins each pointer with the part of the request that contained the member', () => {
    expect(pointersOf('/userId', '/text', '/participants/0/email')).toEqual([
      '/path/userId',
      '/body/text',
      '/body/participants/0/email',
    ]);
  });

  it('returns values and refusals without errors unchanged', () => {
    for (const outcome of [undefined, { errors: [{ pointer: '/text' }] }, refuse(validationFailed)]) {
      expect(withPointersInto<unknown>(outcome, partOf)).toBe(outcome);
    }
  });
});
