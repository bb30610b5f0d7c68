import {
  constants,
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  privateEncrypt,
  publicDecrypt,
  randomBytes,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { ServiceError } from '../responses.ts';
import type { Key } from './keys.ts';

/** The signing algorithms that KMS offers for a key spec. */
export function signingAlgorithms(spec: string): readonly string[] {
  if (spec === 'ECC_NIST_P256') return ['ECDSA_SHA_256'];
  if (!spec.startsWith('RSA_')) return [];
  const lengths = ['256', '384', '512'];
  return [
    ...lengths.map((length) => `RSASSA_PSS_SHA_${length}`),
    ...lengths.map((length) => `RSASSA_PKCS1_V1_5_SHA_${length}`),
  ];
}

const privateKeys = new WeakMap<Key, KeyObject>();

function privateKeyOf(key: Key): KeyObject {
  const known = privateKeys.get(key);
  if (known !== undefined) return known;
  const made = createPrivateKey({ key: Buffer.from(key.material, 'base64'), format: 'der', type: 'pkcs8' });
  privateKeys.set(key, made);
  return made;
}

/** The public key in the DER form of SubjectPublicKeyInfo. */
export function publicKeyOf(key: Key): Buffer {
  return createPublicKey(privateKeyOf(key)).export({ format: 'der', type: 'spki' });
}

/**
 * Signs. `isDigest` says that the message is already the digest; elliptic-curve signatures are in DER form, as KMS
 * gives them, not the raw form of RFC 7518.
 */
export function signMessage(key: Key, algorithm: string, message: Buffer, isDigest: boolean): Buffer {
  const { hash, scheme } = schemeOf(key, algorithm);
  const privateKey = privateKeyOf(key);
  if (!isDigest) return sign(hash, message, { key: privateKey, ...paddingOf(scheme) });
  checkDigest(hash, message);
  if (scheme === 'ecdsa') return signDigest(privateKey, message);
  if (scheme === 'pkcs1') {
    const padding = constants.RSA_PKCS1_PADDING;
    return privateEncrypt({ key: privateKey, padding }, Buffer.concat([digestInfo(hash), message]));
  }
  const encoded = encodePss(message, hash, modulusBytes(privateKey));
  return privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, encoded);
}

/** Verifies a signature made over a message or over its digest. */
export function verifyMessage(
  key: Key,
  algorithm: string,
  message: Buffer,
  isDigest: boolean,
  signature: Buffer,
): boolean {
  const { hash, scheme } = schemeOf(key, algorithm);
  const privateKey = privateKeyOf(key);
  const publicKey = createPublicKey(privateKey);
  try {
    if (!isDigest) return verify(hash, message, { key: publicKey, ...paddingOf(scheme) }, signature);
    checkDigest(hash, message);
    if (scheme === 'ecdsa') return verifyDigest(privateKey, message, signature);
    if (scheme === 'pkcs1') {
      const opened = publicDecrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, signature);
      const expected = Buffer.concat([digestInfo(hash), message]);
      return opened.length === expected.length && timingSafeEqual(opened, expected);
    }
    const encoded = publicDecrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, signature);
    return matchesPss(encoded, message, hash);
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    return false;
  }
}

type Scheme = 'ecdsa' | 'pkcs1' | 'pss';

function schemeOf(key: Key, algorithm: string): { hash: string; scheme: Scheme } {
  if (!signingAlgorithms(key.spec).includes(algorithm)) {
    throw new ServiceError('InvalidKeyUsageException', `${algorithm} is incompatible with key spec ${key.spec}.`);
  }
  const scheme = algorithm.startsWith('ECDSA') ? 'ecdsa' : algorithm.includes('PSS') ? 'pss' : 'pkcs1';
  return { hash: `sha${algorithm.slice(-3)}`, scheme };
}

function paddingOf(scheme: Scheme): { padding?: number; saltLength?: number } {
  if (scheme === 'pss') {
    return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  }
  return scheme === 'pkcs1' ? { padding: constants.RSA_PKCS1_PADDING } : {};
}

function checkDigest(hash: string, digest: Buffer): void {
  if (digest.length !== digestLength(hash)) {
    throw new ServiceError('ValidationException', `Digest is invalid length for algorithm ${hash}.`);
  }
}

function digestLength(hash: string): number {
  return Number(hash.slice(3)) / 8;
}

// node:crypto hashes whatever it signs with an elliptic curve, so the signature over a given digest is worked out here.
// https://csrc.nist.gov/pubs/fips/186-5/final, section 6.4
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

function signDigest(privateKey: KeyObject, digest: Buffer): Buffer {
  const secret = secretOf(privateKey);
  const z = toNumber(digest);
  for (;;) {
    const k = toNumber(randomBytes(40)) % order;
    if (k === 0n) continue;
    const r = xOfMultiple(k) % order;
    const s = (inverse(k) * (z + r * secret)) % order;
    if (r !== 0n && s !== 0n) return derSignature(r, s);
  }
}

/** Knowing the secret d, the point u1·G + u2·Q of the textbook is (u1 + u2·d)·G. */
function verifyDigest(privateKey: KeyObject, digest: Buffer, signature: Buffer): boolean {
  const [r, s] = readDerSignature(signature);
  if (r <= 0n || r >= order || s <= 0n || s >= order) return false;
  const w = inverse(s);
  const scalar = (((toNumber(digest) * w) % order) + ((r * w) % order) * secretOf(privateKey)) % order;
  return scalar !== 0n && xOfMultiple(scalar) % order === r;
}

function secretOf(privateKey: KeyObject): bigint {
  return toNumber(Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url'));
}

function xOfMultiple(scalar: bigint): bigint {
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(toBytes(scalar));
  return toNumber(curve.getPublicKey().subarray(1, 33));
}

/** By Fermat's little theorem: the order is prime. */
function inverse(value: bigint): bigint {
  let result = 1n;
  let base = value % order;
  for (let exponent = order - 2n; exponent > 0n; exponent >>= 1n) {
    if ((exponent & 1n) === 1n) result = (result * base) % order;
    base = (base * base) % order;
  }
  return result;
}

function toNumber(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`);
}

function toBytes(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
}

function derSignature(r: bigint, s: bigint): Buffer {
  const body = Buffer.concat([derInteger(r), derInteger(s)]);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
}

function derInteger(value: bigint): Buffer {
  let hex = value.toString(16);
  if (hex.length % 2 === 1) hex = `0${hex}`;
  if (Number.parseInt(hex.slice(0, 2), 16) >= 0x80) hex = `00${hex}`;
  const bytes = Buffer.from(hex, 'hex');
  return Buffer.concat([Buffer.of(0x02, bytes.length), bytes]);
}

function readDerSignature(signature: Buffer): [bigint, bigint] {
  const rLength = signature[3] ?? 0;
  const sLength = signature[5 + rLength] ?? 0;
  const r = signature.subarray(4, 4 + rLength);
  const s = signature.subarray(6 + rLength, 6 + rLength + sLength);
  return [toNumber(r), toNumber(s)];
}

/** The DER prefix that names the hash in a PKCS #1 v1.5 signature (RFC 8017, section 9.2, note 1). */
function digestInfo(hash: string): Buffer {
  const prefixes: Readonly<Record<string, string>> = {
    sha256: '3031300d060960864801650304020105000420',
    sha384: '3041300d060960864801650304020205000430',
    sha512: '3051300d060960864801650304020305000440',
  };
  return Buffer.from(prefixes[hash] ?? '', 'hex');
}

function modulusBytes(privateKey: KeyObject): number {
  return (privateKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
}

/** EMSA-PSS-ENCODE (RFC 8017, section 9.1.1) with a salt as long as the hash, as KMS uses it. */
function encodePss(digest: Buffer, hash: string, length: number): Buffer {
  const salt = randomBytes(digestLength(hash));
  const h = createHash(hash)
    .update(Buffer.concat([Buffer.alloc(8), digest, salt]))
    .digest();
  const padding = Buffer.alloc(length - salt.length - h.length - 2);
  const block = xor(Buffer.concat([padding, Buffer.of(1), salt]), mask(h, hash, length - h.length - 1));
  block[0] = (block[0] ?? 0) & 0x7f;
  return Buffer.concat([block, h, Buffer.of(0xbc)]);
}

function matchesPss(encoded: Buffer, digest: Buffer, hash: string): boolean {
  const hashLength = digestLength(hash);
  const blockLength = encoded.length - hashLength - 1;
  const h = encoded.subarray(blockLength, blockLength + hashLength);
  const block = xor(encoded.subarray(0, blockLength), mask(h, hash, blockLength));
  const salt = block.subarray(blockLength - hashLength);
  const expected = createHash(hash)
    .update(Buffer.concat([Buffer.alloc(8), digest, salt]))
    .digest();
  return encoded.at(-1) === 0xbc && timingSafeEqual(expected, h);
}

function xor(left: Buffer, right: Buffer): Buffer {
  return Buffer.from(left.map((byte, index) => byte ^ (right[index] ?? 0)));
}

/** MGF1 (RFC 8017, appendix B.2.1). */
function mask(seed: Buffer, hash: string, length: number): Buffer {
  const parts: Buffer[] = [];
  for (let counter = 0; counter * digestLength(hash) < length; counter += 1) {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    parts.push(
      createHash(hash)
        .update(Buffer.concat([seed, count]))
        .digest(),
    );
  }
  return Buffer.concat(parts).subarray(0, length);
}
