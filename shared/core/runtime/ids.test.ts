import { decodeTime, isValid } from 'ulid';
import { expect, it } from 'vitest';
import { newId } from './ids.ts';

it('creates distinct ULIDs of the current time', () => {
  const from = Date.now();
  const ids = Array.from({ length: 1000 }, newId);
  const to = Date.now();
  for (const id of ids) {
    expect(isValid(id)).toBe(true);
    expect(decodeTime(id)).toBeGreaterThanOrEqual(from);
    expect(decodeTime(id)).toBeLessThanOrEqual(to);
  }
  expect(new Set(ids).size).toBe(1000);
});
