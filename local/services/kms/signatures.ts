import { createECDH, createPrivateKey, createPublicKey, randomBytes, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { ServiceError } from '../responses.ts';
import type { Key } from './keys.ts';

export function signingAlgorithms(spec: string): readonly string[] {
  return spec === 'ECC_NIST_P256' ? ['ECDSA_SHA_256'] : [];
}

const privateKeys = new WeakMap<Key, KeyObject>();

function privateKeyOf(key: Key): KeyObject {
  const cached = privateKeys.get(key);
  if (cached !== undefined) return cached;
  const made = createPrivateKey({ key: Buffer.from(key.material, 'base64'), format: 'der', type: 'pkcs8' });
  privateKeys.set(key, made);
  return made;
}

/** DER form of SubjectPublicKeyInfo. */
export function publicKeyOf(key: Key): Buffer {
  return createPublicKey(privateKeyOf(key)).export({ format: 'der', type: 'spki' });
}

/** DER form, unlike RFC 7518. */
export function signMessage(key: Key, algorithm: string, message: Buffer, isDigest: boolean): Buffer {
  checkAlgorithm(key, algorithm);
  const privateKey = privateKeyOf(key);
  if (!isDigest) return sign('sha256', message, privateKey);
  checkDigest(message);
  return signDigest(privateKey, message);
}

export function verifyMessage(
  key: Key,
  algorithm: string,
  message: Buffer,
  isDigest: boolean,
  signature: Buffer,
): boolean {
  checkAlgorithm(key, algorithm);
  const privateKey = privateKeyOf(key);
  if (isDigest) checkDigest(message);
  try {
    return isDigest
      ? verifyDigest(privateKey, message, signature)
      : verify('sha256', message, createPublicKey(privateKey), signature);
  } catch {
    return false;
  }
}

function checkAlgorithm(key: Key, algorithm: string): void {
  if (signingAlgorithms(key.spec).includes(algorithm)) return;
  throw new ServiceError('InvalidKeyUsageException', `${algorithm} is incompatible with key spec ${key.spec}.`);
}

function checkDigest(digest: Buffer): void {
  if (digest.length === 32) return;
  throw new ServiceError('ValidationException', 'Digest is invalid length for algorithm ECDSA_SHA_256.');
}

// node:crypto cannot sign a given digest with an elliptic curve.
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

/** With the secret d, the standard's u1·G + u2·Q is (u1 + u2·d)·G. */
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

/** Fermat's little theorem: the order is prime. */
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
