import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { exportJWK, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { encodePart, signAccessToken, type SigningKey } from './access-token.ts';
import { joseSignature } from './ecdsa-signature.ts';
import { createTokenVerifier, type PublicJwk } from './token-verifier.ts';

const issuer = 'https://chat.example';
const keyId = '2f0c1f6e-6f5a-4f0e-9c55-6a1f4be7a001';
const at = Date.now();
const seconds = Math.floor(at / 1000);

const subject = {
  userId: '01JD0000000000000000000001',
  tenantId: '01JD0000000000000000000002',
  role: 'member',
  sessionId: '01JD0000000000000000000003',
  sessionVersion: 4,
} as const;
const tokenId = '01JD0000000000000000000004';

type Members = Record<string, unknown>;
const goodHeader = { alg: 'ES256', typ: 'at+jwt', kid: keyId };
const goodClaims = {
  iss: issuer,
  aud: 'switchboard',
  sub: subject.userId,
  tid: subject.tenantId,
  role: 'member',
  sid: subject.sessionId,
  jti: tokenId,
  iat: seconds,
  exp: seconds + 900,
  ver: 4,
};

const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const largerCurve = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const bitcoinCurve = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
const edwards = generateKeyPairSync('ed25519');

const key: SigningKey = {
  keyId,
  sign: async (message) => joseSignature(sign('sha256', message, { key: own.privateKey, dsaEncoding: 'der' })),
};

const { x = '', y = '' } = own.publicKey.export({ format: 'jwk' });
const publicJwk: PublicJwk = { kty: 'EC', crv: 'P-256', x, y, kid: keyId, use: 'sig', alg: 'ES256' };
const verifier = createTokenVerifier(issuer, [publicJwk]);

const spelled = (part: unknown) =>
  typeof part === 'string' ? Buffer.from(part).toString('base64url') : encodePart(part as object);

function signed(header: unknown, claims: unknown, by: KeyObject = own.privateKey): string {
  const input = `${spelled(header)}.${spelled(claims)}`;
  return `${input}.${signatureOf(input, by).toString('base64url')}`;
}
function signatureOf(input: string, by: KeyObject = own.privateKey): Buffer {
  return sign('sha256', Buffer.from(input), { key: by, dsaEncoding: 'ieee-p1363' });
}

const without = (members: Members, name: string): Members =>
  Object.fromEntries(Object.entries(members).filter(([member]) => member !== name));
const claims = (change: Members) => signed(goodHeader, { ...goodClaims, ...change });
const header = (change: Members) => signed({ ...goodHeader, ...change }, goodClaims);
const good = signed(goodHeader, goodClaims);
const [goodHeaderPart = '', goodClaimsPart = '', goodSignature = ''] = good.split('.');
const goodInput = `${goodHeaderPart}.${goodClaimsPart}`;
const signature = (value: Buffer | string) =>
  `${goodInput}.${typeof value === 'string' ? value : value.toString('base64url')}`;
const flipped = (text: string) => `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`;

function hmac(secret: string | Buffer, protectedHeader: Members): string {
  const input = `${encodePart(protectedHeader)}.${goodClaimsPart}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}
const publicPem = own.publicKey.export({ type: 'spki', format: 'pem' });
const publicDer = own.publicKey.export({ type: 'spki', format: 'der' });
const rawBytes = Buffer.from(goodSignature, 'base64url');
const curveOrder = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');

const attacks: Readonly<Record<string, string | (() => Promise<string>)>> = {
  'no signature, alg none': () => Promise.resolve(new UnsecuredJWT(goodClaims).encode()),
  'alg none with a signature': header({ alg: 'none' }),
  'alg None': header({ alg: 'None' }),
  'alg NONE': header({ alg: 'NONE' }),
  'alg empty': header({ alg: '' }),
  'alg absent': signed(without(goodHeader, 'alg'), goodClaims),
  'alg null': header({ alg: null }),
  'alg as a list': header({ alg: ['ES256'] }),
  'an empty signature': signature(''),
  'HS256 with the public key as PEM': hmac(publicPem, { ...goodHeader, alg: 'HS256' }),
  'HS256 with the public key as DER': hmac(publicDer, { ...goodHeader, alg: 'HS256' }),
  'HS256 with the public key as JWK': hmac(JSON.stringify(publicJwk), { ...goodHeader, alg: 'HS256' }),
  'HS256 with an empty secret': hmac('', { ...goodHeader, alg: 'HS256' }),
  'an HMAC declared as ES256': hmac(publicPem, goodHeader),
  RS256: () => new SignJWT(goodClaims).setProtectedHeader({ ...goodHeader, alg: 'RS256' }).sign(rsa.privateKey),
  PS256: () => new SignJWT(goodClaims).setProtectedHeader({ ...goodHeader, alg: 'PS256' }).sign(rsa.privateKey),
  ES384: () => new SignJWT(goodClaims).setProtectedHeader({ ...goodHeader, alg: 'ES384' }).sign(largerCurve.privateKey),
  EdDSA: () => new SignJWT(goodClaims).setProtectedHeader({ ...goodHeader, alg: 'EdDSA' }).sign(edwards.privateKey),
  'ES384 declared, ES256 signed': header({ alg: 'ES384' }),
  'es256 in lower case': header({ alg: 'es256' }),
  'a signature on another curve of the same size': signed(goodHeader, goodClaims, bitcoinCurve.privateKey),
  'the signature of another key': signed(goodHeader, goodClaims, foreign.privateKey),
  'the attacker’s key in jwk': async () =>
    signed({ ...goodHeader, jwk: await exportJWK(foreign.publicKey) }, goodClaims, foreign.privateKey),
  'the attacker’s key in jwk, without kid': async () =>
    signed({ ...without(goodHeader, 'kid'), jwk: await exportJWK(foreign.publicKey) }, goodClaims, foreign.privateKey),
  'the attacker’s key behind jku': signed(
    { ...goodHeader, jku: 'https://evil.example/keys' },
    goodClaims,
    foreign.privateKey,
  ),
  'the attacker’s key behind x5u': signed(
    { ...goodHeader, x5u: 'https://evil.example/cert' },
    goodClaims,
    foreign.privateKey,
  ),
  'the attacker’s certificate in x5c': signed({ ...goodHeader, x5c: ['MIIB'] }, goodClaims, foreign.privateKey),
  'jwk with a valid signature': header({ jwk: publicJwk }),
  'jku with a valid signature': header({ jku: `${issuer}/.well-known/jwks.json` }),
  'x5u with a valid signature': header({ x5u: 'https://chat.example/cert' }),
  'x5c with a valid signature': header({ x5c: [] }),
  'x5t with a valid signature': header({ x5t: 'AAAA' }),
  'an unknown kid': header({ kid: '00000000-0000-0000-0000-000000000000' }),
  'kid as a path': header({ kid: '../../../../dev/null' }),
  'kid with SQL': header({ kid: "x' UNION SELECT 'secret" }),
  'kid as a URL': header({ kid: 'https://evil.example/keys' }),
  'kid empty': header({ kid: '' }),
  'kid as a number': header({ kid: 1 }),
  'kid as the name of an inherited property': header({ kid: 'constructor' }),
  'kid absent': signed(without(goodHeader, 'kid'), goodClaims),
  'a kid of 300 characters': header({ kid: 'k'.repeat(300) }),
  'crit with an unknown extension': header({ crit: ['exp'] }),
  'crit empty': header({ crit: [] }),
  'crit with b64': header({ crit: ['b64'], b64: true }),
  'b64 false': header({ b64: false }),
  'a compressed payload': header({ zip: 'DEF' }),
  'a nested token': header({ cty: 'JWT' }),
  'an unknown header member': header({ admin: true }),
  'typ JWT': header({ typ: 'JWT' }),
  'typ of a refresh token': header({ typ: 'rt+jwt' }),
  'typ of a logout token': header({ typ: 'logout+jwt' }),
  'typ in upper case': header({ typ: 'AT+JWT' }),
  'typ with media prefix': header({ typ: 'application/at+jwt' }),
  'typ absent': signed(without(goodHeader, 'typ'), goodClaims),
  'exp absent': signed(goodHeader, without(goodClaims, 'exp')),
  'exp in the past': claims({ iat: seconds - 900, exp: seconds - 1 }),
  'exp now': claims({ iat: seconds - 900, exp: seconds }),
  'exp as a string': claims({ exp: String(seconds + 900) }),
  'exp null': claims({ exp: null }),
  'an infinite exp': signed(goodHeader, JSON.stringify(goodClaims).replace(/"exp":\d+/, '"exp":1e999')),
  'exp with a fraction': claims({ exp: seconds + 899.5 }),
  'exp negative': claims({ exp: -1 }),
  'a lifetime of 16 minutes': claims({ exp: seconds + 960 }),
  'a lifetime of a year': claims({ exp: seconds + 31_536_000 }),
  'a lifetime of zero': claims({ iat: seconds + 10, exp: seconds + 10 }),
  'iat absent': signed(goodHeader, without(goodClaims, 'iat')),
  'iat a minute in the future': claims({ iat: seconds + 60, exp: seconds + 900 }),
  'iat as a string': claims({ iat: String(seconds) }),
  'nbf in the future': claims({ nbf: seconds + 3600 }),
  'nbf in the past, which the service never issues': claims({ nbf: seconds }),
  'another issuer': claims({ iss: 'https://evil.example' }),
  'iss with an extra slash': claims({ iss: `${issuer}/` }),
  'iss absent': signed(goodHeader, without(goodClaims, 'iss')),
  'iss as a list': claims({ iss: [issuer] }),
  'another audience': claims({ aud: 'other' }),
  'aud absent': signed(goodHeader, without(goodClaims, 'aud')),
  'aud as a list of one': claims({ aud: ['switchboard'] }),
  'aud as a list of two': claims({ aud: ['switchboard', 'evil'] }),
  'aud empty': claims({ aud: '' }),
  'sub absent': signed(goodHeader, without(goodClaims, 'sub')),
  'sub as a list': claims({ sub: [subject.userId] }),
  'sub with the separator of table keys': claims({ sub: `${subject.userId}#` }),
  'tid absent': signed(goodHeader, without(goodClaims, 'tid')),
  'a truncated tid': claims({ tid: subject.tenantId.slice(0, 25) }),
  'tid with two tenants': claims({ tid: `${subject.tenantId}#${subject.tenantId}` }),
  'sid absent': signed(goodHeader, without(goodClaims, 'sid')),
  'jti absent': signed(goodHeader, without(goodClaims, 'jti')),
  'role absent': signed(goodHeader, without(goodClaims, 'role')),
  'an unknown role': claims({ role: 'root' }),
  'role as a list': claims({ role: ['member', 'staff'] }),
  'ver absent': signed(goodHeader, without(goodClaims, 'ver')),
  'ver as a string': claims({ ver: '4' }),
  'an unknown claim': claims({ scope: 'admin' }),
  'replaced claims': `${goodHeaderPart}.${encodePart({ ...goodClaims, role: 'staff' })}.${goodSignature}`,
  'a replaced tenant': `${goodHeaderPart}.${encodePart({ ...goodClaims, tid: subject.userId })}.${goodSignature}`,
  'a replaced header': `${encodePart({ ...goodHeader, kid: keyId.toUpperCase() })}.${goodClaimsPart}.${goodSignature}`,
  'an altered signature': signature(flipped(goodSignature)),
  'a DER signature': signature(sign('sha256', Buffer.from(goodInput), { key: own.privateKey, dsaEncoding: 'der' })),
  'a signature of zeros': signature(Buffer.alloc(64)),
  'r and s equal to the order of the curve': signature(Buffer.concat([curveOrder, curveOrder])),
  'r zero': signature(Buffer.concat([Buffer.alloc(32), rawBytes.subarray(32)])),
  's zero': signature(Buffer.concat([rawBytes.subarray(0, 32), Buffer.alloc(32)])),
  'half a signature': signature(rawBytes.subarray(0, 32)),
  'a signature with an extra byte': signature(Buffer.concat([rawBytes, Buffer.alloc(1)])),
  'a padded signature': signature(`${goodSignature}==`),
  'a signature with stray bits': signature(`${goodSignature.slice(0, -1)}${goodSignature.endsWith('Q') ? 'R' : 'B'}`),
  'an empty token': '',
  'one part': 'abc',
  'two parts': goodInput,
  'four parts': `${good}.${goodSignature}`,
  'five parts, as in an encrypted token': `${good}.AAAA.AAAA`,
  'surrounding white space': ` ${good} `,
  'a line break at the end': `${good}\n`,
  'Bearer before the token': `Bearer ${good}`,
  'padded parts': `${goodHeaderPart}=.${goodClaimsPart}.${goodSignature}`,
  'a NUL in the header': `${goodHeaderPart}\0.${goodClaimsPart}.${goodSignature}`,
  'the other base64 alphabet': signature(`${goodSignature.slice(0, -2)}+/`),
  'a repeated claim': signed(goodHeader, `{"role":"staff",${JSON.stringify(goodClaims).slice(1)}`),
  'a repeated header member': signed(`{"alg":"none",${JSON.stringify(goodHeader).slice(1)}`, goodClaims),
  'white space in the JSON': signed(goodHeader, ` ${JSON.stringify(goodClaims)}`),
  'escaped member names': signed(goodHeader, JSON.stringify(goodClaims).replace('"role"', '"r\\u006fle"')),
  '__proto__ in the claims': signed(
    goodHeader,
    JSON.stringify(goodClaims).replace('{', '{"__proto__":{"role":"staff"},'),
  ),
  'claims that are a list': signed(goodHeader, '[]'),
  'claims that are a string': signed(goodHeader, '"x"'),
  'claims that are null': signed(goodHeader, 'null'),
  'claims that are not JSON': signed(goodHeader, '{'),
  'a header that is not JSON': signed('{', goodClaims),
  'claims that are not UTF-8': `${goodHeaderPart}.${Buffer.from([0xff, 0xfe]).toString('base64url')}.${goodSignature}`,
  'a mebibyte of claims': claims({ jti: 'x'.repeat(1024 * 1024) }),
  'a mebibyte of one letter': 'a'.repeat(1024 * 1024),
  'a token of more than 4 KiB': claims({ padding: 'x'.repeat(4096) }),
  'deeply nested claims': signed(goodHeader, '['.repeat(1000) + ']'.repeat(1000)),
};

describe('the access token verifier', () => {
  afterEach(() => vi.useRealTimers());

  it('returns the claims of a token that the issuer signed', async () => {
    const { token, expiresAt } = await signAccessToken(key, issuer, subject, at, tokenId);
    expect(verifier.verify(token, at)).toEqual(goodClaims);
    expect(expiresAt).toBe((seconds + 900) * 1000);
  });

  it('accepts the token on which all attacks are based', () => {
    expect(verifier.verify(good, at)).toEqual(goodClaims);
  });

  it('is tested with more than eighty attacks', () => {
    expect(Object.keys(attacks).length).toBeGreaterThan(80);
  });

  it.each(Object.entries(attacks))('rejects %s', async (_name, attack) => {
    const token = typeof attack === 'string' ? attack : await attack();
    expect(token).not.toBe(good);
    expect(verifier.verify(token, at)).toBeUndefined();
  });

  it('accepts a clock difference of at most 30 seconds', () => {
    expect(verifier.verify(claims({ iat: seconds + 29, exp: seconds + 929 }), at)).toBeDefined();
    expect(verifier.verify(claims({ iat: seconds + 32, exp: seconds + 932 }), at)).toBeUndefined();
  });

  it('rejects a token from the second of its expiry', () => {
    expect(verifier.verify(good, at)).toBeDefined();
    vi.useFakeTimers({ now: (seconds + 899) * 1000 });
    expect(verifier.verify(good, (seconds + 899) * 1000)).toBeDefined();
    vi.setSystemTime((seconds + 900) * 1000);
    expect(verifier.verify(good, (seconds + 900) * 1000)).toBeUndefined();
  });

  it('rejects a token when its key is no longer in the set', () => {
    const { x: otherX = '', y: otherY = '' } = foreign.publicKey.export({ format: 'jwk' });
    const rotated = createTokenVerifier(issuer, [{ ...publicJwk, x: otherX, y: otherY, kid: 'next' }]);
    expect(rotated.verify(good, at)).toBeUndefined();
  });

  it('accepts both keys during a rotation', () => {
    const { x: otherX = '', y: otherY = '' } = foreign.publicKey.export({ format: 'jwk' });
    const both = createTokenVerifier(issuer, [publicJwk, { ...publicJwk, x: otherX, y: otherY, kid: 'next' }]);
    expect(both.verify(good, at)).toBeDefined();
    expect(both.verify(signed({ ...goodHeader, kid: 'next' }, goodClaims, foreign.privateKey), at)).toBeDefined();
  });
});
