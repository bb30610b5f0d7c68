import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { TenantKeys } from './data-keys.ts';
import { blindIndex, contentDigest, decryptField, encryptField } from './field-cipher.ts';

function keysOf(version = 1): TenantKeys {
  return {
    version,
    encryption: randomBytes(32),
    digest: randomBytes(32),
    chain: randomBytes(32),
    lookup: randomBytes(32),
  };
}

const place = ['tenant', 'conversation', 'content', '1'];

it('gives back what it was given, for any text', () => {
  const keys = keysOf();
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(decryptField(keys, place, encryptField(keys, place, text))).toBe(text);
    }),
  );
});

it('does not decrypt at any other place, whatever the parts are joined to', () => {
  const keys = keysOf();
  const value = encryptField(keys, ['ab', 'c'], 'secret');
  for (const other of [['a', 'bc'], ['ab', 'd'], ['ab'], ['ab', 'c', ''], ['abc'], ['ab|c'], ['1:ab|c']]) {
    expect(() => decryptField(keys, other, value)).toThrow();
  }
});

it('does not decrypt with another tenant’s key, or under another key version', () => {
  const value = encryptField(keysOf(), place, 'secret');
  expect(() => decryptField(keysOf(), place, value)).toThrow();
  const keys = keysOf(1);
  expect(() => decryptField({ ...keys, version: 2 }, place, encryptField(keys, place, 'secret'))).toThrow(
    'key version',
  );
});

it('notices a change of any byte', () => {
  const keys = keysOf();
  const value = Buffer.from(encryptField(keys, place, 'secret'));
  for (let index = 0; index < value.length; index += 1) {
    const changed = Buffer.from(value);
    changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
    expect(() => decryptField(keys, place, changed)).toThrow();
  }
});

it('never encrypts the same text to the same bytes', () => {
  const keys = keysOf();
  const values = Array.from({ length: 100 }, () => Buffer.from(encryptField(keys, place, 'secret')).toString('hex'));
  expect(new Set(values).size).toBe(100);
});

it('finds values by a keyed hash that differs by purpose and tenant', () => {
  const keys = keysOf();
  expect(blindIndex(keys, 'email', 'a@b.test')).toBe(blindIndex(keys, 'email', 'a@b.test'));
  expect(blindIndex(keys, 'email', 'a@b.test')).not.toBe(blindIndex(keys, 'username', 'a@b.test'));
  expect(blindIndex(keys, 'email', 'a@b.test')).not.toBe(blindIndex(keysOf(), 'email', 'a@b.test'));
  expect(contentDigest(keys, 'text')).not.toEqual(contentDigest(keysOf(), 'text'));
});
