import { expect, it } from 'vitest';
import { newTenantKeys } from '../../core/encryption/tenant-keys-test-builders.ts';
import { hasAll, type Term, termKey, termHashesOf } from './term-hashes.ts';

const keys = newTenantKeys();
const terms: readonly Term[] = ['eme', 'har', 'bou'].map((prefix) => ({ prefix }));
const keysOf = (wanted: readonly Term[], of = keys) => wanted.map((term) => termKey(of, 'one', term));

it('finds the terms of a message, and no others', () => {
  const hashes = termHashesOf(keys, 'one', 7, [...terms, { type: 'text' }]);
  expect(hashes).toHaveLength(4 * 5);
  expect(hasAll(hashes, keysOf(terms), 7)).toBe(true);
  expect(hasAll(hashes, keysOf([{ type: 'text' }]), 7)).toBe(true);
  expect(hasAll(hashes, [], 7)).toBe(true);
  for (const other of [{ prefix: 'qua' }, { prefix: 'text' }, { type: 'image' }, { prefix: 'type\ntext' }] as const) {
    expect(hasAll(hashes, keysOf([...terms, other]), 7)).toBe(false);
  }
  expect(hasAll(hashes, keysOf(terms, newTenantKeys()), 7)).toBe(false);
  expect(hasAll(new Uint8Array(0), keysOf(terms), 7)).toBe(false);
});

it('makes different hashes for the same words in two messages, conversations or tenants', () => {
  const all = [
    termHashesOf(keys, 'one', 7, terms),
    termHashesOf(keys, 'one', 8, terms),
    termHashesOf(keys, 'two', 7, terms),
    termHashesOf(newTenantKeys(), 'one', 7, terms),
  ].flatMap((hashes) => [0, 5, 10].map((at) => Buffer.from(hashes.subarray(at, at + 5)).toString('hex')));
  expect(new Set(all).size).toBe(12);
});

it('orders hashes independently of the order of words', () => {
  expect(termHashesOf(keys, 'one', 7, terms)).toEqual(termHashesOf(keys, 'one', 7, terms.toReversed()));
});
