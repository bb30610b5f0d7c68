import type { Role } from '../../contract/schemas/user.ts';

/** A session: everything that came of one login. */
export interface SessionRecord {
  readonly sessionId: string;
  readonly userId: string;
  /** The account's session version that the session belongs to. Below the account's own, the session is over. */
  readonly sessionVersion: number;
  /** Milliseconds since the epoch, here and below. */
  readonly createdAt: number;
  readonly refreshedAt: number;
  /** When the session is over however much it is used. */
  readonly endsAt: number;
  /** SHA-256 of the refresh token that is good now. */
  readonly refreshHash: string;
  /** Of the one before it, and when it was exchanged. */
  readonly previousHash?: string;
  readonly rotatedAt?: number;
  /** The present refresh token's secret, encrypted, for the grace time of the one before it. */
  readonly sealedSecret?: Uint8Array;
  /** When it was ended: by logout, by a stolen token, by a new password. */
  readonly endedAt?: number;
  /** Seconds since the epoch, for the table's deletion. */
  readonly expiresAt: number;
}

const day = 24 * 60 * 60 * 1000;

/**
 * A repetition of a refresh token within this time gets the same successor: the answer to the first use may have been
 * lost, or two tabs may have asked at once.
 */
export const refreshGraceMs = 10_000;

interface Lifetime {
  /** Without a refresh for this long a session is over (OWASP ASVS 7.3.1). */
  readonly idleMs: number;
  /** Then it is over anyhow (ASVS 7.3.2). */
  readonly absoluteMs: number;
}

const ordinary: Lifetime = { idleMs: 30 * day, absoluteMs: 90 * day };
/** Who can see the data of others logs in more often. */
const privileged: Lifetime = { idleMs: 7 * day, absoluteMs: 30 * day };

export const sessionLifetimes: Readonly<Record<Role, Lifetime>> = {
  guest: ordinary,
  member: ordinary,
  agent: ordinary,
  admin: privileged,
  staff: privileged,
};

/** When a session that is used now will be over if it is not used again. */
export function idleEnd(role: Role, at: number, endsAt: number): number {
  return Math.min(at + sessionLifetimes[role].idleMs, endsAt);
}

export type RefreshDecision =
  /** The token is good: exchange it. */
  | 'rotate'
  /** It was exchanged a moment ago: answer with the same successor. */
  | 'repeat'
  /** It was exchanged longer ago: it has been stolen, or its successor was. End the session. */
  | 'reuse'
  /** The session is over. */
  | 'ended';

/**
 * What to do with a refresh token that is genuinely of this session.
 * @param hash SHA-256 of the token's secret.
 */
export function decideRefresh(session: SessionRecord, role: Role, hash: string, at: number): RefreshDecision {
  if (session.endedAt !== undefined || idleEnd(role, session.refreshedAt, session.endsAt) <= at) return 'ended';
  if (hash === session.refreshHash) return 'rotate';
  const { previousHash, rotatedAt } = session;
  const inGrace = rotatedAt !== undefined && at - rotatedAt <= refreshGraceMs;
  return hash === previousHash && inGrace ? 'repeat' : 'reuse';
}
