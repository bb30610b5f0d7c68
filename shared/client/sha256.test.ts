import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sha256Of } from './sha256.ts';

const ascii = fc.string({ unit: 'grapheme-ascii', maxLength: 200 });
const expected = (text: string) => createHash('sha256').update(text).digest().readUInt32BE(0);

it('returns the first 32 bits of the hash of any ASCII text', () => {
  fc.assert(
    fc.property(ascii, fc.array(ascii, { minLength: 1, maxLength: 4 }), (prefix, endings) => {
      const hash = sha256Of(prefix);
      for (const ending of endings) expect(hash(ending)).toBe(expected(prefix + ending));
    }),
  );
});

it('pads texts of every length around the size of a block', () => {
  for (let length = 0; length <= 130; length += 1) {
    expect(sha256Of('')('a'.repeat(length)), String(length)).toBe(expected('a'.repeat(length)));
    expect(sha256Of('a'.repeat(length))('b'), String(length)).toBe(expected(`${'a'.repeat(length)}b`));
  }
});
