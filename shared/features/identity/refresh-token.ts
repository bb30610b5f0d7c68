import { timingSafeEqual } from 'node:crypto';
import { ulidPattern } from '../../contract/schemas/ids.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { blindIndex } from '../../core/encryption/field-cipher.ts';

export interface SessionIds {
  readonly tenantId: string;
  readonly userId: string;
  readonly sessionId: string;
}

/** Untrusted until {@link isGenuine} has checked it. */
export interface PresentedRefreshToken extends SessionIds {
  readonly secret: string;
  readonly seal: string;
}

const idLength = 26;
/** 256 bits in base64url. */
const secretLength = 43;
const pattern = new RegExp(`^([0-9A-Z]{${idLength}}){3}[A-Za-z0-9_-]{${2 * secretLength}}$`);

/**
 * The token contains its session's ids and a keyed hash, so that strangers cannot end a session by inventing a reused
 * token.
 */
export function encodeRefreshToken(keys: TenantKeys, ids: SessionIds, secret: string): string {
  return `${ids.tenantId}${ids.userId}${ids.sessionId}${secret}${sealOf(keys, ids, secret)}`;
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

export function isGenuine(keys: TenantKeys, token: PresentedRefreshToken): boolean {
  return timingSafeEqual(Buffer.from(sealOf(keys, token, token.secret)), Buffer.from(token.seal));
}

function sealOf(keys: TenantKeys, { tenantId, userId, sessionId }: SessionIds, secret: string): string {
  return blindIndex(keys, 'refresh-token', `${tenantId}\n${userId}\n${sessionId}\n${secret}`);
}
