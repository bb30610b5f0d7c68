import fc from 'fast-check';
import { expect, it } from 'vitest';
import { blindIndex, contentDigest, decryptField, encryptField } from './field-cipher.ts';
import { newTenantKeys } from './tenant-keys-test-builders.ts';

const boundTo = ['tenant', 'conversation', 'content', '1'];

it('decrypts every encrypted text to the original', () => {
  const keys = newTenantKeys();
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(decryptField(keys, boundTo, encryptField(keys, boundTo, text))).toBe(text);
    }),
  );
});

it('does not decrypt a value that is bound to other parts, even if they join to the same text', () => {
  const keys = newTenantKeys();
  const value = encryptField(keys, ['ab', 'c'], 'secret');
  for (const parts of [['a', 'bc'], ['ab', 'd'], ['ab'], ['ab', 'c', ''], ['abc'], ['ab|c'], ['1:ab|c']]) {
    expect(() => decryptField(keys, parts, value)).toThrow();
  }
});

it('does not decrypt with another tenant’s key, or under another key version', () => {
  const value = encryptField(newTenantKeys(), boundTo, 'secret');
  expect(() => decryptField(newTenantKeys(), boundTo, value)).toThrow();
  const keys = newTenantKeys(1);
  expect(() => decryptField({ ...keys, version: 2 }, boundTo, encryptField(keys, boundTo, 'secret'))).toThrow(
    'key version',
  );
});

it('rejects a value with any byte changed', () => {
  const keys = newTenantKeys();
  const value = Buffer.from(encryptField(keys, boundTo, 'secret'));
  for (let index = 0; index < value.length; index += 1) {
    const changed = Buffer.from(value);
    changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
    expect(() => decryptField(keys, boundTo, changed)).toThrow();
  }
});

it('encrypts the same text to different bytes each time', () => {
  const keys = newTenantKeys();
  const values = Array.from({ length: 100 }, () => Buffer.from(encryptField(keys, boundTo, 'secret')).toString('hex'));
  expect(new Set(values).size).toBe(100);
});

it('hashes equal values equally, but differently for each purpose and tenant', () => {
  const keys = newTenantKeys();
  expect(blindIndex(keys, 'email', 'a@b.test')).toBe(blindIndex(keys, 'email', 'a@b.test'));
  expect(blindIndex(keys, 'email', 'a@b.test')).not.toBe(blindIndex(keys, 'username', 'a@b.test'));
  expect(blindIndex(keys, 'email', 'a@b.test')).not.toBe(blindIndex(newTenantKeys(), 'email', 'a@b.test'));
  expect(contentDigest(keys, 'text')).not.toEqual(contentDigest(newTenantKeys(), 'text'));
});
