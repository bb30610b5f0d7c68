import fc from 'fast-check';
import { RawJson } from './json-text.ts';

/** Part of many fuzz values. No log may contain it. */
export const canary = 'kanarienvogel';

const texts: readonly string[] = [
  '',
  ' ',
  '\t\r\n',
  canary,
  'NaN',
  '-1',
  '0x10',
  '1e999',
  'null',
  '\u0000',
  `${canary}\u0000${canary}`,
  '\ud800',
  `\udc00${canary}\ud800`,
  '\ufeff',
  '\u200b\u200d',
  '\u202etxet',
  'e\u0301'.repeat(50),
  '👩‍👩‍👧‍👦',
  '𝒳'.repeat(1001),
  '\uffff',
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'toString',
  '$default',
  '../../etc/passwd',
  '%00%2e%2e%2f',
  'T#01KAJ70A5CE8G1H3J6K9M2P4QR#U#x',
  '01KAJ70A5CE8G1H3J6K9M2P4QR',
  '01kaj70a5ce8g1h3j6k9m2p4qr',
  '81KAJ70A5CE8G1H3J6K9M2P4QR',
  "'; DROP TABLE users; --",
  '${jndi:ldap://127.0.0.1/x}',
  '<script>alert(1)</script>',
  '=cmd()',
  '2026-02-30T25:61:61.999Z',
  'data:text/html,x',
  `${canary} `.repeat(200),
];

/** Rare, because they take the most time. */
const longTexts = [2_001, 10_001, 20_001, 70_000].map((length) => 'x'.repeat(length));

const nested = (depth: number, open: string, close: string, inner: string) =>
  new RawJson(open.repeat(depth) + inner + close.repeat(depth));

const values: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -0,
  -1,
  1,
  1.5,
  -1e308,
  Number.MAX_SAFE_INTEGER,
  Number.MAX_SAFE_INTEGER + 1,
  Number.MIN_VALUE,
  999_999_999_999,
  1_000_000_000_000,
  new RawJson('1e400'),
  new RawJson('-1e400'),
  new RawJson('1'.repeat(400)),
  new RawJson('-0.0'),
  {},
  [],
  [[]],
  [null],
  [canary],
  { [canary]: canary },
  { length: 1 },
  { toString: null, valueOf: null },
  { toJSON: canary },
  new RawJson('{"__proto__":{"role":"staff"}}'),
  new RawJson('{"constructor":{"prototype":{"role":"staff"}}}'),
  new RawJson('{"a":1,"a":2}'),
  nested(200, '[', ']', ''),
  nested(200, '{"a":', '}', '1'),
  nested(9_000, '[', ']', ''),
  nested(5_000, '{"a":', '}', '1'),
  Array.from({ length: 1_000 }, (_, index) => index),
];

const broken = ['NaN', '-Infinity', 'undefined', '{', '"', '"\\x"', '01', "'a'", '[1,]', '{"a":1,}', '/**/1', '\u0000'];

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: fc.constantFrom(...texts), weight: 12 },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 40 }), weight: 6 },
  { arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }), weight: 3 },
  { arbitrary: fc.constantFrom(...longTexts), weight: 1 },
);

export const hostileJson: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: fc.constantFrom(...values), weight: 10 },
  { arbitrary: hostileText, weight: 10 },
  { arbitrary: fc.jsonValue({ maxDepth: 3 }), weight: 4 },
);

export const hostileToken: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: hostileJson, weight: 30 },
  { arbitrary: fc.constantFrom(...broken).map((text) => new RawJson(text)), weight: 1 },
);

export const hostileName: fc.Arbitrary<string> = fc.oneof(
  {
    arbitrary: fc.constantFrom('__proto__', 'constructor', 'toString', '', 'id', 'tenantId', 'role', canary),
    weight: 5,
  },
  { arbitrary: hostileText, weight: 1 },
);
