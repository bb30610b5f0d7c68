import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { knownDevice, newDeviceToken } from './device-token.ts';
import { newSecret } from './one-time-secret.ts';
import { encodeRefreshToken, isGenuine, parseRefreshToken } from './refresh-token.ts';

function tenantKeys(seed: number): TenantKeys {
  const key = createSecretKey(Buffer.alloc(32, seed));
  return { version: 1, encryption: key, digest: key, chain: key, lookup: key };
}
const keys = tenantKeys(1);
const ids = {
  tenantId: '01JD0000000000000000000002',
  userId: '01JD0000000000000000000001',
  sessionId: '01JD0000000000000000000003',
};

describe('a refresh token', () => {
  it('contains the ids of its session and is genuine', () => {
    const secret = newSecret();
    const parsed = parseRefreshToken(encodeRefreshToken(keys, ids, secret));
    expect(parsed).toMatchObject({ ...ids, secret });
    expect(parsed && isGenuine(keys, parsed)).toBe(true);
  });

  it('is not genuine when any character was changed', () => {
    const token = encodeRefreshToken(keys, ids, newSecret());
    for (let index = 0; index < token.length; index += 1) {
      const changed = `${token.slice(0, index)}${token[index] === '7' ? '6' : '7'}${token.slice(index + 1)}`;
      const parsed = parseRefreshToken(changed);
      expect(parsed !== undefined && isGenuine(keys, parsed)).toBe(false);
    }
  });

  it('is not genuine under the keys of another tenant', () => {
    const parsed = parseRefreshToken(encodeRefreshToken(keys, ids, newSecret()));
    expect(parsed && isGenuine(tenantKeys(2), parsed)).toBe(false);
  });

  it.each(['', 'x', 'a.b.c', 'Z'.repeat(164), '0'.repeat(163), '0'.repeat(165), `${'0'.repeat(164)}\n`])(
    'cannot be parsed when it is %j',
    (token) => {
      expect(parseRefreshToken(token)).toBeUndefined();
    },
  );
});

describe('a device token', () => {
  const owner = { userId: ids.userId, credentialsRevision: 1 };
  it('returns the same device id each time', () => {
    const token = newDeviceToken(keys, owner);
    expect(knownDevice(keys, owner, token)).toBe(token.slice(0, 22));
  });

  it('is rejected for another account, password or tenant, and when changed', () => {
    const token = newDeviceToken(keys, owner);
    expect(knownDevice(keys, { ...owner, userId: ids.tenantId }, token)).toBeUndefined();
    expect(knownDevice(keys, { ...owner, credentialsRevision: 2 }, token)).toBeUndefined();
    expect(knownDevice(tenantKeys(2), owner, token)).toBeUndefined();
    expect(knownDevice(keys, owner, `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`)).toBeUndefined();
    expect(knownDevice(keys, owner, undefined)).toBeUndefined();
  });
});
