import type { Role } from '../../contract/schemas/user.ts';

export interface SessionRecord {
  readonly sessionId: string;
  readonly userId: string;
  /** The session is over if the account's version is higher. */
  readonly sessionVersion: number;
  /** Milliseconds since the epoch, here and below. */
  readonly createdAt: number;
  readonly refreshedAt: number;
  readonly endsAt: number;
  /** SHA-256 of the current refresh token. */
  readonly refreshHash: string;
  /** SHA-256 of the refresh token that was exchanged at `rotatedAt`. */
  readonly previousHash?: string;
  readonly rotatedAt?: number;
  /** The current secret, encrypted, for the grace period of the previous token. */
  readonly sealedSecret?: Uint8Array;
  readonly endedAt?: number;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

const day = 24 * 60 * 60 * 1000;

/**
 * A second use within this time gets the same successor: the first answer may be lost, or two tabs may refresh at once.
 */
export const refreshGraceMs = 10_000;

interface Lifetime {
  /** Time without a refresh (OWASP ASVS 7.3.1). */
  readonly idleMs: number;
  /** OWASP ASVS 7.3.2. */
  readonly absoluteMs: number;
}

const ordinary: Lifetime = { idleMs: 30 * day, absoluteMs: 90 * day };
const privileged: Lifetime = { idleMs: 7 * day, absoluteMs: 30 * day };

export const sessionLifetimes: Readonly<Record<Role, Lifetime>> = {
  guest: ordinary,
  member: ordinary,
  agent: ordinary,
  admin: privileged,
  staff: privileged,
};

export function idleEnd(role: Role, at: number, endsAt: number): number {
  return Math.min(at + sessionLifetimes[role].idleMs, endsAt);
}

export type RefreshDecision =
  | 'rotate'
  | 'repeat'
  /** The token or its successor was stolen. */
  | 'reuse'
  | 'ended';

/**
 * The token must be genuine.
 * @param hash SHA-256 of the token's secret.
 */
export function decideRefresh(session: SessionRecord, role: Role, hash: string, at: number): RefreshDecision {
  if (session.endedAt !== undefined || idleEnd(role, session.refreshedAt, session.endsAt) <= at) return 'ended';
  if (hash === session.refreshHash) return 'rotate';
  const { previousHash, rotatedAt } = session;
  const inGrace = rotatedAt !== undefined && at - rotatedAt <= refreshGraceMs;
  return hash === previousHash && inGrace ? 'repeat' : 'reuse';
}
