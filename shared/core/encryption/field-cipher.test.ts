import fc from 'fast-check';
import { expect, it } from 'vitest';
import { blindIndex, contentDigest, decryptField, encryptField } from './field-cipher.ts';
import { newTenantKeys } from './tenant-keys-test-builders.ts';

const place = ['tenant', 'conversation', 'content', '1'];

it('gives back what it was given, for any text', () => {
  const keys = newTenantKeys();
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(decryptField(keys, place, encryptField(keys, place, text))).toBe(text);
    }),
  );
});

it('does not decrypt at any other place, whatever the parts are joined to', () => {
  const keys = newTenantKeys();
  const value = encryptField(keys, ['ab', 'c'], 'secret');
  for (const other of [['a', 'bc'], ['ab', 'd'], ['ab'], ['ab', 'c', ''], ['abc'], ['ab|c'], ['1:ab|c']]) {
    expect(() => decryptField(keys, other, value)).toThrow();
  }
});

it('does not decrypt with another tenant’s key, or under another key version', () => {
  const value = encryptField(newTenantKeys(), place, 'secret');
  expect(() => decryptField(newTenantKeys(), place, value)).toThrow();
  const keys = newTenantKeys(1);
  expect(() => decryptField({ ...keys, version: 2 }, place, encryptField(keys, place, 'secret'))).toThrow(
    'key version',
  );
});

it('notices a change of any byte', () => {
  const keys = newTenantKeys();
  const value = Buffer.from(encryptField(keys, place, 'secret'));
  for (let index = 0; index < value.length; index += 1) {
    const changed = Buffer.from(value);
    changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
    expect(() => decryptField(keys, place, changed)).toThrow();
  }
});

it('never encrypts the same text to the same bytes', () => {
  const keys = newTenantKeys();
  const values = Array.from({ length: 100 }, () => Buffer.from(encryptField(keys, place, 'secret')).toString('hex'));
  expect(new Set(values).size).toBe(100);
});

it('finds values by a keyed hash that differs by purpose and tenant', () => {
  const keys = newTenantKeys();
  expect(blindIndex(keys, 'email', 'a@b.test')).toBe(blindIndex(keys, 'email', 'a@b.test'));
  expect(blindIndex(keys, 'email', 'a@b.test')).not.toBe(blindIndex(keys, 'username', 'a@b.test'));
  expect(blindIndex(keys, 'email', 'a@b.test')).not.toBe(blindIndex(newTenantKeys(), 'email', 'a@b.test'));
  expect(contentDigest(keys, 'text')).not.toEqual(contentDigest(newTenantKeys(), 'text'));
});
