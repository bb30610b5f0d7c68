import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { ServiceError } from '../responses.ts';
import type { Key } from './keys.ts';

export type EncryptionContext = Readonly<Record<string, string>>;

const format = 1;
const idLength = 16;
const nonceLength = 12;
const tagLength = 16;
const headerLength = 1 + idLength + nonceLength + tagLength;

/** The context is authenticated, not stored. */
export function encrypt(key: Key, plaintext: Buffer, context: EncryptionContext): Buffer {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key.material, 'base64'), nonce);
  cipher.setAAD(associatedData(key.id, context));
  const encrypted = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([Buffer.of(format), idBytes(key.id), nonce, cipher.getAuthTag(), encrypted]);
}

/** Undefined for other bytes. */
export function keyIdOf(ciphertext: Buffer): string | undefined {
  if (ciphertext.length < headerLength || ciphertext[0] !== format) return undefined;
  const hex = ciphertext.toString('hex', 1, 1 + idLength);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** A wrong context or changed ciphertext is an `InvalidCiphertextException`. */
export function decrypt(key: Key, ciphertext: Buffer, context: EncryptionContext): Buffer {
  const nonceAt = 1 + idLength;
  const tagAt = nonceAt + nonceLength;
  const nonce = ciphertext.subarray(nonceAt, tagAt);
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key.material, 'base64'), nonce);
  decipher.setAAD(associatedData(key.id, context));
  decipher.setAuthTag(ciphertext.subarray(tagAt, headerLength));
  try {
    return Buffer.concat([decipher.update(ciphertext.subarray(headerLength)), decipher.final()]);
  } catch {
    throw invalidCiphertext();
  }
}

export function invalidCiphertext(): ServiceError {
  return new ServiceError('InvalidCiphertextException', '');
}

function idBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

function associatedData(keyId: string, context: EncryptionContext): Buffer {
  const pairs = Object.entries(context).sort(([left], [right]) => (left < right ? -1 : 1));
  return Buffer.from(JSON.stringify([keyId, pairs]));
}
