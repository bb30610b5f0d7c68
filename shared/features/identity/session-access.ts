import type { Role } from '../../contract/schemas/user.ts';
import { accessTokenLife } from './access-token.ts';
import type { AccountStatus } from './account-status.ts';

/**
 * The data of an account that every request needs. It is one small item, so a single read shows whether a session is
 * alive and which role it has.
 */
export interface AccessRecord {
  readonly userId: string;
  readonly role: Role;
  readonly status: AccountStatus;
  /** Raising it ends all sessions at once. Tokens and sessions contain the version under which they were created. */
  readonly sessionVersion: number;
  /**
   * Sessions that were ended one by one: session id → second since the epoch from which all its access tokens have
   * expired. The entry can be removed from that second on.
   */
  readonly endedSessions: Readonly<Record<string, number>>;
}

export interface TokenSession {
  readonly sessionId: string;
  readonly sessionVersion: number;
}

/** Whether a token of this session may be used. The caller has verified the token's form and time. */
export function isSessionAlive(access: AccessRecord, session: TokenSession): boolean {
  return (
    access.status === 'active' &&
    access.sessionVersion === session.sessionVersion &&
    access.endedSessions[session.sessionId] === undefined
  );
}

/** The largest assumed difference between clocks, in seconds. Added to the life of a token. */
const spareSeconds = 120;

/** The time, in seconds since the epoch, at which the newest access token of a session that ends now has expired. */
export function rememberUntil(at: number): number {
  return Math.ceil(at / 1000) + accessTokenLife + spareSeconds;
}

/** Ended sessions whose entries can be removed. */
export function forgettableSessions(access: AccessRecord, at: number): readonly string[] {
  return Object.entries(access.endedSessions)
    .filter(([, until]) => until * 1000 < at)
    .map(([sessionId]) => sessionId);
}
