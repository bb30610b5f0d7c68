import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { expect, it } from 'vitest';
import { checkGuestProof, guestProofType, proofToleranceSeconds } from './guest-proof.ts';

const audience = 'https://chat.example';
const at = 1_795_000_000_500;
const seconds = Math.floor(at / 1000);
const expected = { audience, tenant: 'north', at };

const newKeys = (namedCurve = 'P-256') => generateKeyPairSync('ec', { namedCurve });
const { privateKey, publicKey } = newKeys();
const jwk = publicJwk(publicKey);
const goodHeader = { alg: 'ES256', typ: guestProofType, jwk };
const goodClaims = { aud: audience, tenant: 'north', iat: seconds, jti: 'mZ3vQk7rTz0xWc5nYp8sLg' };

function publicJwk(key: KeyObject) {
  const { kty = '', crv = '', x = '', y = '' } = key.export({ format: 'jwk' });
  return { kty, crv, x, y };
}

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

function proofOf(header: unknown = goodHeader, claims: unknown = goodClaims, key: KeyObject = privateKey): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

const faultOf = (proof: string) => {
  const verdict = checkGuestProof(proof, expected);
  return verdict.valid ? 'none' : verdict.fault;
};

it('accepts a good proof and returns the thumbprint of RFC 7638', () => {
  const { x, y } = jwk;
  const json = `{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`;
  const thumbprint = createHash('sha256').update(json).digest('base64url');
  expect(checkGuestProof(proofOf(), expected)).toEqual({
    valid: true,
    thumbprint,
    jti: goodClaims.jti,
    issuedAt: seconds,
  });
});

it('returns the same thumbprint for the same key in another order of members', () => {
  const { kty, crv, x, y } = jwk;
  const first = checkGuestProof(proofOf(), expected);
  const second = checkGuestProof(proofOf({ jwk: { y, x, crv, kty }, typ: guestProofType, alg: 'ES256' }), expected);
  expect(second).toEqual(first);
});

it.each([
  ['another algorithm', { ...goodHeader, alg: 'HS256' }],
  ['no algorithm', { typ: guestProofType, jwk }],
  ['the algorithm none', { ...goodHeader, alg: 'none' }],
  ['another type', { ...goodHeader, typ: 'at+jwt' }],
  ['no type', { alg: 'ES256', jwk }],
  ['no key', { alg: 'ES256', typ: guestProofType }],
  ['a private key', { ...goodHeader, jwk: privateKey.export({ format: 'jwk' }) }],
  ['a key with a use', { ...goodHeader, jwk: { ...jwk, use: 'sig' } }],
  ['a key of another kind', { ...goodHeader, jwk: { ...jwk, kty: 'RSA' } }],
  ['a key on another curve', { ...goodHeader, jwk: publicJwk(newKeys('P-384').publicKey) }],
  ['a short coordinate', { ...goodHeader, jwk: { ...jwk, x: jwk.x.slice(1) } }],
  ['a key id', { ...goodHeader, kid: '1' }],
  ['a link to keys', { ...goodHeader, jku: 'https://evil.example/' }],
  ['a critical extension', { ...goodHeader, crit: ['b64'] }],
  ['a list', [goodHeader]],
])('rejects a header with %s', (_, header) => {
  expect(faultOf(proofOf(header))).toBe('header');
});

it('rejects a point that is not on the curve', () => {
  expect(faultOf(proofOf({ ...goodHeader, jwk: { ...jwk, x: jwk.y } }))).toBe('key');
  expect(faultOf(proofOf({ ...goodHeader, jwk: { ...jwk, x: 'A'.repeat(43), y: 'A'.repeat(43) } }))).toBe('key');
});

it('rejects a coordinate with stray bits', () => {
  const last = jwk.x.at(-1) ?? '';
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const stray = alphabet.charAt(alphabet.indexOf(last) ^ 1);
  expect(faultOf(proofOf({ ...goodHeader, jwk: { ...jwk, x: jwk.x.slice(0, -1) + stray } }))).toBe('key');
});

it('rejects the signature of another key', () => {
  expect(faultOf(proofOf(goodHeader, goodClaims, newKeys().privateKey))).toBe('signature');
});

it('rejects a proof with any character of the payload or the signature changed', () => {
  const proof = proofOf();
  const start = proof.indexOf('.') + 1;
  for (let index = start; index < proof.length; index += 1) {
    if (proof[index] === '.') continue;
    const changed = `${proof.slice(0, index)}${proof[index] === 'A' ? 'B' : 'A'}${proof.slice(index + 1)}`;
    expect(['form', 'signature'], String(index)).toContain(faultOf(changed));
  }
});

it('rejects a signature in DER, of another length, of zeros, and none', () => {
  const [head = '', claims = ''] = proofOf().split('.');
  const input = `${head}.${claims}`;
  const der = sign('sha256', Buffer.from(input), privateKey).toString('base64url');
  const zeros = Buffer.alloc(64).toString('base64url');
  for (const signature of [
    der,
    zeros,
    Buffer.alloc(63, 1).toString('base64url'),
    Buffer.alloc(65, 1).toString('base64url'),
    '',
  ]) {
    expect(faultOf(`${input}.${signature}`), signature).toBe('signature');
  }
});

it('reads the same from both valid signatures of a payload, so that the payload decides about a replay', () => {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const proof = proofOf();
  const signature = Buffer.from(proof.slice(proof.lastIndexOf('.') + 1), 'base64url');
  const s = order - BigInt(`0x${signature.subarray(32).toString('hex')}`);
  const other = Buffer.concat([signature.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')]);
  const altered = `${proof.slice(0, proof.lastIndexOf('.'))}.${other.toString('base64url')}`;
  expect(altered).not.toBe(proof);
  expect(checkGuestProof(altered, expected)).toEqual(checkGuestProof(proof, expected));
});

it.each([
  ['without aud', { ...goodClaims, aud: undefined }],
  ['with a list of audiences', { ...goodClaims, aud: [audience] }],
  ['without jti', { ...goodClaims, jti: undefined }],
  ['with a short jti', { ...goodClaims, jti: 'a'.repeat(21) }],
  ['with a fraction of a second', { ...goodClaims, iat: seconds + 0.5 }],
  ['with iat as text', { ...goodClaims, iat: String(seconds) }],
  ['without iat', { ...goodClaims, iat: undefined }],
  ['with another member', { ...goodClaims, sub: 'x' }],
])('rejects claims %s', (_, claims) => {
  expect(faultOf(proofOf(goodHeader, claims))).toBe('claims');
});

it('rejects the audience of another service, also if it only adds a slash, and another tenant', () => {
  expect(faultOf(proofOf(goodHeader, { ...goodClaims, aud: 'https://evil.example' }))).toBe('audience');
  expect(faultOf(proofOf(goodHeader, { ...goodClaims, aud: `${audience}/` }))).toBe('audience');
  expect(faultOf(proofOf(goodHeader, { ...goodClaims, tenant: 'south' }))).toBe('tenant');
});

it('accepts clocks that differ by up to two minutes in either direction', () => {
  const shifted = (by: number) => faultOf(proofOf(goodHeader, { ...goodClaims, iat: seconds + by }));
  expect([-proofToleranceSeconds + 1, 0, proofToleranceSeconds].map(shifted)).toEqual(['none', 'none', 'none']);
  expect([-proofToleranceSeconds - 1, proofToleranceSeconds + 1].map(shifted)).toEqual(['time', 'time']);
});

it('reports a fault of the signature before one of the claims, which may be a stranger’s', () => {
  const proof = proofOf(goodHeader, { ...goodClaims, iat: 0, aud: 'x' }, newKeys().privateKey);
  expect(faultOf(proof)).toBe('signature');
});

it.each([
  ['white space', '{"alg": "ES256"}'],
  ['a member twice', `{"alg":"none","alg":"ES256","typ":"${guestProofType}","jwk":${JSON.stringify(jwk)}}`],
  ['no JSON', 'ES256'],
  ['nothing', ''],
])('rejects a part with %s', (_, header) => {
  expect(faultOf(proofOf(header))).toBe('form');
});

it('rejects other numbers of parts', () => {
  const proof = proofOf();
  for (const broken of ['', '..', proof.split('.').slice(0, 2).join('.'), `${proof}.`, `${proof}.x`, `${proof}=`]) {
    expect(faultOf(broken), broken).toBe('form');
  }
});
