import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { blindIndex } from '../../core/encryption/field-cipher.ts';

/** Crockford's base 32, as in ULIDs. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const idLength = 26;
const idBytes = 16;

export type DeviceProof = 'guest-key' | 'guest-secret';

/**
 * The id of a device, and of the guest that it creates: 128 bits of a keyed hash in the form of a ULID. So the same
 * device is the same guest without a record that links the two, and the id reveals nothing about the device.
 * @param value the thumbprint of its key, or its secret.
 */
export function deviceIdOf(keys: TenantKeys, kind: DeviceProof, value: string): string {
  const hash = Buffer.from(blindIndex(keys, kind, value), 'base64url').subarray(0, idBytes);
  let rest = BigInt(`0x${hash.toString('hex')}`);
  let id = '';
  for (; id.length < idLength; rest >>= 5n) id = alphabet.charAt(Number(rest & 31n)) + id;
  return id;
}
