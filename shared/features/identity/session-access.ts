import type { Role } from '../../contract/schemas/user.ts';
import { accessTokenLife } from './access-token.ts';
import type { AccountStatus } from './account-status.ts';

/** One small read shows whether a session is alive and its role. */
export interface AccessRecord {
  readonly userId: string;
  readonly role: Role;
  readonly status: AccountStatus;
  /** Raising it ends all sessions. */
  readonly sessionVersion: number;
  /** Session id → second since the epoch at which all its access tokens have expired. */
  readonly endedSessions: Readonly<Record<string, number>>;
}

export interface TokenSession {
  readonly sessionId: string;
  readonly sessionVersion: number;
}

/** The caller has verified the token's form and time. */
export function isSessionAlive(access: AccessRecord, session: TokenSession): boolean {
  return (
    access.status === 'active' &&
    access.sessionVersion === session.sessionVersion &&
    access.endedSessions[session.sessionId] === undefined
  );
}

/** The largest assumed difference between clocks. */
const spareSeconds = 120;

/** Seconds since the epoch at which all access tokens of a session that ends now have expired. */
export function rememberUntil(at: number): number {
  return Math.ceil(at / 1000) + accessTokenLife + spareSeconds;
}

export function forgettableSessions(access: AccessRecord, at: number): readonly string[] {
  return Object.entries(access.endedSessions)
    .filter(([, until]) => until * 1000 < at)
    .map(([sessionId]) => sessionId);
}
