import { timingSafeEqual } from 'node:crypto';
import { ulidPattern } from '../../contract/schemas/ids.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { blindIndex } from '../../core/encryption/field-cipher.ts';

/** Where a refresh token belongs. */
export interface RefreshTokenPlace {
  readonly tenantId: string;
  readonly userId: string;
  readonly sessionId: string;
}

/** A refresh token as it came in: nothing of it is to be believed before {@link isGenuine}. */
export interface PresentedRefreshToken extends RefreshTokenPlace {
  readonly secret: string;
  readonly seal: string;
}

const idLength = 26;
/** 256 bits in base64url. */
const secretLength = 43;
const pattern = new RegExp(`^([0-9A-Z]{${idLength}}){3}[A-Za-z0-9_-]{${2 * secretLength}}$`);

/**
 * A refresh token is opaque to clients. Inside, it says where its session is stored, so that it is found by one read,
 * and carries a keyed hash over that: only tokens that we made are looked at at all, so nobody can end another's
 * session by presenting a made-up token for it as if it were an old one.
 */
export function encodeRefreshToken(keys: TenantKeys, place: RefreshTokenPlace, secret: string): string {
  return `${place.tenantId}${place.userId}${place.sessionId}${secret}${sealOf(keys, place, secret)}`;
}

export function parseRefreshToken(token: string): PresentedRefreshToken | undefined {
  if (!pattern.test(token)) return undefined;
  const [tenantId, userId, sessionId] = [0, 1, 2].map((index) => token.slice(index * idLength, (index + 1) * idLength));
  const secret = token.slice(3 * idLength, 3 * idLength + secretLength);
  const seal = token.slice(3 * idLength + secretLength);
  if (tenantId === undefined || userId === undefined || sessionId === undefined) return undefined;
  if (![tenantId, userId, sessionId].every((id) => ulidPattern.test(id))) return undefined;
  return { tenantId, userId, sessionId, secret, seal };
}

/** Whether the token was made by us, at whatever time. */
export function isGenuine(keys: TenantKeys, token: PresentedRefreshToken): boolean {
  return timingSafeEqual(Buffer.from(sealOf(keys, token, token.secret)), Buffer.from(token.seal));
}

function sealOf(keys: TenantKeys, { tenantId, userId, sessionId }: RefreshTokenPlace, secret: string): string {
  return blindIndex(keys, 'refresh-token', `${tenantId}\n${userId}\n${sessionId}\n${secret}`);
}
