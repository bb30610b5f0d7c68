import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { TenantKeys } from '../encryption/data-keys.ts';
import { blindIndex } from '../encryption/field-cipher.ts';

const idLength = 22;
const pattern = /^[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}$/;

/**
 * Shows that a device has logged in to the account before, with the present password. It opens nothing; it only counts
 * the device's failed attempts apart from those of strangers. Nothing is stored: the token carries a keyed hash over
 * device, account and password.
 */
export function newDeviceToken(keys: TenantKeys, owner: DeviceOwner): string {
  const deviceId = randomBytes(16).toString('base64url');
  return `${deviceId}.${sealOf(keys, owner, deviceId)}`;
}

/** An account and which of its passwords it is: a token ends with the password. */
export interface DeviceOwner {
  readonly userId: string;
  readonly credentialsRevision: number;
}

/** The device's id, or nothing if the token is none of this account's and password's. */
export function knownDevice(keys: TenantKeys, owner: DeviceOwner, token: string | undefined): string | undefined {
  if (token === undefined || !pattern.test(token)) return undefined;
  const deviceId = token.slice(0, idLength);
  const genuine = timingSafeEqual(Buffer.from(token.slice(idLength + 1)), Buffer.from(sealOf(keys, owner, deviceId)));
  return genuine ? deviceId : undefined;
}

function sealOf(keys: TenantKeys, { userId, credentialsRevision }: DeviceOwner, deviceId: string): string {
  return blindIndex(keys, 'device', `${userId}\n${credentialsRevision}\n${deviceId}`);
}
