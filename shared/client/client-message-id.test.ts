import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { uuidV7Pattern } from '../contract/schemas/ids.ts';
import { newClientMessageId } from './client-message-id.ts';
import { timeOfClientMessageId } from './client-message-id-time.ts';

it('creates a UUIDv7 with the given time', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), (time) => {
      const id = newClientMessageId(time);
      expect(id).toMatch(uuidV7Pattern);
      expect(timeOfClientMessageId(id)).toBe(time);
    }),
  );
});

it('creates a different id each time', () => {
  expect(new Set(Array.from({ length: 1000 }, () => newClientMessageId(1))).size).toBe(1000);
});
