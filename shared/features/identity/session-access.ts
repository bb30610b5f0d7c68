import type { Role } from '../../contract/schemas/user.ts';
import { accessTokenLife } from './access-token.ts';
import type { AccountStatus } from './account-status.ts';

/**
 * What has to be known of an account for every request, in one small item: a single read tells whether a session is
 * alive and what its role is now.
 */
export interface AccessRecord {
  readonly userId: string;
  readonly role: Role;
  readonly status: AccountStatus;
  /** Raising it ends all sessions at once: tokens and sessions carry the version that they were made under. */
  readonly sessionVersion: number;
  /**
   * Sessions that were ended one by one: session id → second since the epoch from which no access token of it can be
   * alive any more, so that it need not be remembered here.
   */
  readonly endedSessions: Readonly<Record<string, number>>;
}

export interface TokenSession {
  readonly sessionId: string;
  readonly sessionVersion: number;
}

/** Whether a token of this session may still be used. The token itself is good in form and time. */
export function isSessionAlive(access: AccessRecord, session: TokenSession): boolean {
  return (
    access.status === 'active' &&
    access.sessionVersion === session.sessionVersion &&
    access.endedSessions[session.sessionId] === undefined
  );
}

/** Seconds that clocks may differ by, added to the life of a token. */
const spareSeconds = 120;

/** Until when an ended session has to be remembered: until its youngest access token has expired. */
export function rememberUntil(at: number): number {
  return Math.ceil(at / 1000) + accessTokenLife + spareSeconds;
}

/** Ended sessions that need not be remembered any more. */
export function forgettableSessions(access: AccessRecord, at: number): readonly string[] {
  return Object.entries(access.endedSessions)
    .filter(([, until]) => until * 1000 < at)
    .map(([sessionId]) => sessionId);
}
