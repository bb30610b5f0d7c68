import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { blindIndex } from '../../core/encryption/field-cipher.ts';

const idLength = 22;
const pattern = /^[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}$/;

/**
 * Proves an earlier login with the current password. The token grants no access: it separates the device's failed
 * attempts from those of strangers.
 */
export function newDeviceToken(keys: TenantKeys, owner: DeviceOwner): string {
  const deviceId = randomBytes(16).toString('base64url');
  return `${deviceId}.${sealOf(keys, owner, deviceId)}`;
}

export interface DeviceOwner {
  readonly userId: string;
  readonly credentialsRevision: number;
}

/** Undefined if the token was not issued for this account and password. */
export function knownDevice(keys: TenantKeys, owner: DeviceOwner, token: string | undefined): string | undefined {
  if (token === undefined || !pattern.test(token)) return undefined;
  const deviceId = token.slice(0, idLength);
  const genuine = timingSafeEqual(Buffer.from(token.slice(idLength + 1)), Buffer.from(sealOf(keys, owner, deviceId)));
  return genuine ? deviceId : undefined;
}

function sealOf(keys: TenantKeys, { userId, credentialsRevision }: DeviceOwner, deviceId: string): string {
  return blindIndex(keys, 'device', `${userId}\n${credentialsRevision}\n${deviceId}`);
}
