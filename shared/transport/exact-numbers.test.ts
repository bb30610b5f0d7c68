import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isKept, parseWithNumbers } from './exact-numbers.ts';

const kept = (source: string) => isKept(source, Number(source));

describe('isKept', () => {
  it('checks a long number in linear time', () => {
    expect(kept(`0.1${'0'.repeat(1_000_000)}1`)).toBe(false);
  });

  it.each(['0', '-0', '0.0', '42', '-7', '1.50', '1e3', '1E+21', '1e-7', '1.7976931348623157e308', '5e-324'])(
    'accepts %s, which reads back as the same number',
    (source) => {
      expect(kept(source)).toBe(true);
    },
  );

  it.each(['0.10000000000000001', '48.858400000000003', '48.85840000000000316', '9007199254740991'])(
    'accepts %s, another spelling of its double-precision number',
    (source) => {
      expect(kept(source)).toBe(true);
    },
  );

  it.each([
    '9007199254740992',
    '9007199254740993',
    '-9007199254740993',
    '9007199254740993.0',
    '12345678901234567890',
    '12345678901234567168',
    '0.1234567890123456789',
    '1.0000000000000000001',
    '1e400',
    '-1e400',
    '1e-400',
    '1.2345678901234567168e19',
    `0.${'1'.repeat(200)}`,
  ])('rejects %s, which parsing changes', (source) => {
    expect(kept(source)).toBe(false);
  });

  it('accepts every finite number in the notation of JavaScript and of other encoders', () => {
    fc.assert(
      fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (value) => {
        const isInteger = /^-?[0-9]+$/.test(String(value));
        expect(kept(String(value))).toBe(!isInteger || Number.isSafeInteger(value));
        if (Math.abs(value) < Number.MAX_SAFE_INTEGER) expect(kept(value.toPrecision(17))).toBe(true);
      }),
    );
  });
});

describe('parseWithNumbers', () => {
  it('reports the object and the member of each number that changed', () => {
    const { json, changed } = parseWithNumbers(
      '{"a":1,"b":{"c":[1,9007199254740993]},"d":1e400,"e":"9007199254740993"}',
    );
    const { b } = json as { b: { c: number[] } };
    expect([...changed]).toEqual([
      [b.c, new Set(['1'])],
      [json, new Set(['d'])],
    ]);
  });

  it('parses like JSON.parse', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseWithNumbers(text).json).toEqual(JSON.parse(text));
      }),
    );
  });
});
