import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { TenantKeys } from './data-keys.ts';

const formatVersion = 1;
const nonceBytes = 12;
const tagBytes = 16;
const headerBytes = 3;

/**
 * AES-256-GCM (NIST SP 800-38D) with a random nonce. Layout: format (1 byte), key version (2), nonce (12), ciphertext,
 * tag (16).
 *
 * @param boundTo tenant, owner and name of the field. A value does not decrypt in another field.
 */
export function encryptField(keys: TenantKeys, boundTo: readonly string[], plaintext: string): Uint8Array {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt8(formatVersion, 0);
  header.writeUInt16BE(keys.version, 1);
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', keys.encryption, nonce);
  cipher.setAAD(associatedData(header, boundTo));
  const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  return Buffer.concat([header, nonce, ciphertext, cipher.getAuthTag()]);
}

/** @throws Error for a changed or moved value, or another key. */
export function decryptField(keys: TenantKeys, boundTo: readonly string[], value: Uint8Array): string {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const header = bytes.subarray(0, headerBytes);
  if (header.readUInt8(0) !== formatVersion || header.readUInt16BE(1) !== keys.version) {
    throw new Error('The value is encrypted under an unknown key version');
  }
  const decipher = createDecipheriv(
    'aes-256-gcm',
    keys.encryption,
    bytes.subarray(headerBytes, headerBytes + nonceBytes),
  );
  decipher.setAAD(associatedData(header, boundTo));
  decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes));
  const plaintext = Buffer.concat([
    decipher.update(bytes.subarray(headerBytes + nonceBytes, bytes.length - tagBytes)),
    decipher.final(),
  ]);
  return plaintext.toString('utf8');
}

/** The lengths keep different lists from having the same bytes. */
function associatedData(header: Buffer, boundTo: readonly string[]): Buffer {
  return Buffer.from(`${header.toString('hex')}|${boundTo.map((part) => `${part.length}:${part}`).join('|')}`);
}

/** A keyed hash for look-ups. `purpose` distinguishes addresses and user names. */
export function blindIndex(keys: TenantKeys, purpose: string, value: string): string {
  return createHmac('sha256', keys.lookup).update(`${purpose}\n${value}`).digest('base64url');
}

/** Keyed digest for the hash chain. It reveals nothing about erased content. */
export function contentDigest(keys: TenantKeys, content: string): Buffer {
  return createHmac('sha256', keys.digest).update(content).digest();
}
