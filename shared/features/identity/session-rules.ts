import type { Role } from '../../contract/schemas/user.ts';

/** A session begins with a login. */
export interface SessionRecord {
  readonly sessionId: string;
  readonly userId: string;
  /**
   * The account's session version when the session was created. The session is over if the account's version is higher.
   */
  readonly sessionVersion: number;
  /** Milliseconds since the epoch, here and below. */
  readonly createdAt: number;
  readonly refreshedAt: number;
  /** The absolute end of the session, regardless of use. */
  readonly endsAt: number;
  /** SHA-256 of the current refresh token. */
  readonly refreshHash: string;
  /** SHA-256 of the previous refresh token, which was exchanged at `rotatedAt`. */
  readonly previousHash?: string;
  readonly rotatedAt?: number;
  /** The current refresh token's secret, encrypted, for the grace period of the previous token. */
  readonly sealedSecret?: Uint8Array;
  /** When the session was ended by a logout or by the reuse of a token. */
  readonly endedAt?: number;
  /** Seconds since the epoch, for the table's time to live. */
  readonly expiresAt: number;
}

const day = 24 * 60 * 60 * 1000;

/**
 * The grace period. A second use of a refresh token within it gets the same successor, because the first answer may be
 * lost, or two tabs may refresh at once.
 */
export const refreshGraceMs = 10_000;

interface Lifetime {
  /** A session ends after this time without a refresh (OWASP ASVS 7.3.1). */
  readonly idleMs: number;
  /** A session ends after this time in any case (OWASP ASVS 7.3.2). */
  readonly absoluteMs: number;
}

const ordinary: Lifetime = { idleMs: 30 * day, absoluteMs: 90 * day };
/** Shorter, because these roles can see data of other users. */
const privileged: Lifetime = { idleMs: 7 * day, absoluteMs: 30 * day };

export const sessionLifetimes: Readonly<Record<Role, Lifetime>> = {
  guest: ordinary,
  member: ordinary,
  agent: ordinary,
  admin: privileged,
  staff: privileged,
};

/** When a session that is used now ends if it is not used again. */
export function idleEnd(role: Role, at: number, endsAt: number): number {
  return Math.min(at + sessionLifetimes[role].idleMs, endsAt);
}

export type RefreshDecision =
  /** Exchange the current token. */
  | 'rotate'
  /** Return the same successor: the token was exchanged within the grace period. */
  | 'repeat'
  /** End the session: the token was exchanged earlier, so it or its successor was stolen. */
  | 'reuse'
  /** The session is over. */
  | 'ended';

/**
 * Decides what to do with a genuine refresh token of this session.
 * @param hash SHA-256 of the token's secret.
 */
export function decideRefresh(session: SessionRecord, role: Role, hash: string, at: number): RefreshDecision {
  if (session.endedAt !== undefined || idleEnd(role, session.refreshedAt, session.endsAt) <= at) return 'ended';
  if (hash === session.refreshHash) return 'rotate';
  const { previousHash, rotatedAt } = session;
  const inGrace = rotatedAt !== undefined && at - rotatedAt <= refreshGraceMs;
  return hash === previousHash && inGrace ? 'repeat' : 'reuse';
}
