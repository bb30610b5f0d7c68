import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { joseSignature } from './ecdsa-signature.ts';

function der(r: readonly number[], s: readonly number[]): Uint8Array {
  const integers = [0x02, r.length, ...r, 0x02, s.length, ...s];
  return Uint8Array.from([0x30, integers.length, ...integers]);
}

describe('joseSignature', () => {
  it('keeps signatures valid', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    for (let index = 0; index < 300; index += 1) {
      const message = createHash('sha256').update(String(index)).digest();
      const raw = joseSignature(sign('sha256', message, { key: privateKey, dsaEncoding: 'der' }));
      expect(raw).toHaveLength(64);
      expect(verify('sha256', message, { key: publicKey, dsaEncoding: 'ieee-p1363' }, raw)).toBe(true);
    }
  });

  it('pads short integers and drops the sign byte', () => {
    const raw = joseSignature(der([0x01], [0x00, ...Array<number>(32).fill(0xff)]));
    expect(raw.toString('hex')).toBe(`${'00'.repeat(31)}01${'ff'.repeat(32)}`);
  });

  it.each([
    ['an empty input', Uint8Array.from([])],
    ['a wrong tag', Uint8Array.from([0x31, 6, 2, 1, 1, 2, 1, 1])],
    ['a wrong length', Uint8Array.from([0x30, 7, 2, 1, 1, 2, 1, 1])],
    ['one integer only', Uint8Array.from([0x30, 3, 2, 1, 1])],
    ['an empty integer', der([], [1])],
    ['a third integer', Uint8Array.from([0x30, 9, 2, 1, 1, 2, 1, 1, 2, 1, 1])],
    ['an integer beyond the end', Uint8Array.from([0x30, 6, 2, 1, 1, 2, 9, 1])],
    ['an integer longer than a coordinate', der(Array<number>(33).fill(1), [1])],
  ])('rejects %s', (_name, bytes) => {
    expect(() => joseSignature(bytes)).toThrow('Not an ECDSA signature');
  });
});
