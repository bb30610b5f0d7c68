import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromStoredValues, type StoredValues, toStoredValues } from './attribute-values.ts';

const exact = fc.oneof(fc.maxSafeInteger(), fc.double({ min: -1e15, max: 1e15, noNaN: true }));
/** The SDK loses members called `__proto__`; another test covers ours. */
const name = fc.string({ unit: 'binary' }).filter((text) => text !== '__proto__');
const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.string({ unit: 'binary' }), exact, fc.boolean(), fc.constant(null), fc.constant(undefined)),
    fc.uint8Array(),
    fc.uniqueArray(fc.string(), { minLength: 1 }).map((items) => new Set(items)),
    fc.uniqueArray(exact, { minLength: 1 }).map((items) => new Set(items)),
    fc.uniqueArray(fc.uint8Array(), { minLength: 1 }).map((items) => new Set(items)),
    fc.array(tie('value')),
    fc.dictionary(name, tie('value')),
  ),
}));
const items = fc.dictionary(name, anyValue).map((item) => ({ ...item }));

/** The SDK keeps bytes as they are; its protocol makes them base64. */
function wireForm(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(wireForm);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([member, inner]) => [member, wireForm(inner)]));
}

describe('toStoredValues and fromStoredValues', () => {
  it('writes values in the form of the SDK', () => {
    fc.assert(
      fc.property(items, (item) => {
        expect(toStoredValues(item)).toEqual(wireForm(marshall(item, { removeUndefinedValues: true })));
      }),
    );
  });

  it('reads values as the SDK reads them', () => {
    fc.assert(
      fc.property(items, (item) => {
        const marshalled = marshall(item, { removeUndefinedValues: true });
        const received = JSON.parse(JSON.stringify(toStoredValues(item))) as StoredValues;
        expect(fromStoredValues(received)).toEqual(unmarshall(marshalled));
      }),
    );
  });

  it('keeps a member called __proto__ as a member', () => {
    const item = JSON.parse('{"__proto__":{"admin":true}}') as Record<string, unknown>;
    const read = fromStoredValues(toStoredValues(item));
    expect(Object.keys(read)).toEqual(['__proto__']);
    expect(read['admin']).toBeUndefined();
  });

  it.each([2 ** 53, -(2 ** 53), 1e300, NaN, Infinity, 10n, () => 1, new Date(0), new Set(), new Set(['a', 1])])(
    'rejects %s, which DynamoDB cannot store exactly',
    (value) => {
      expect(() => toStoredValues({ value })).toThrow('DynamoDB');
    },
  );

  it.each(['9007199254740993', '1e40', 'not a number'])('rejects the number %s', (text) => {
    expect(() => fromStoredValues({ value: { N: text } })).toThrow('exactly');
    expect(() => fromStoredValues({ value: { NS: [text] } })).toThrow('exactly');
  });

  it('rejects a value of an unknown type', () => {
    expect(() => fromStoredValues({ value: { X: 'new' } } as unknown as StoredValues)).toThrow('unknown type');
  });
});
