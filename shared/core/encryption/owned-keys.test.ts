import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { deriveOwnedKeys, unwrapOwnedKey, wrapOwnedKey } from './owned-keys.ts';
import { newTenantKeys } from './tenant-keys-test-builders.ts';

const north = { tenantId: 'north' };
const owner = 'guest/1';

it('unwraps a wrapped key to the original', () => {
  const keys = newTenantKeys();
  const dataKey = randomBytes(32);
  expect(Buffer.from(unwrapOwnedKey(keys, north, owner, wrapOwnedKey(keys, north, owner, dataKey)))).toEqual(dataKey);
});

it('does not unwrap the key of another owner, of another tenant, or under another tenant key', () => {
  const keys = newTenantKeys();
  const wrapped = wrapOwnedKey(keys, north, owner, randomBytes(32));
  expect(() => unwrapOwnedKey(keys, north, 'guest/2', wrapped)).toThrow();
  expect(() => unwrapOwnedKey(keys, north, 'conversation/1', wrapped)).toThrow();
  expect(() => unwrapOwnedKey(keys, { tenantId: 'south' }, owner, wrapped)).toThrow();
  expect(() => unwrapOwnedKey(newTenantKeys(), north, owner, wrapped)).toThrow();
});

it('derives the same two different keys from the same data key', () => {
  const dataKey = randomBytes(32);
  const { encryption, digest } = deriveOwnedKeys(dataKey);
  expect(encryption.equals(digest)).toBe(false);
  expect(deriveOwnedKeys(dataKey).encryption.equals(encryption)).toBe(true);
  expect(deriveOwnedKeys(randomBytes(32)).encryption.equals(encryption)).toBe(false);
});
