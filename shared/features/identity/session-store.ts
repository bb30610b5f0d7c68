import { sessionsEndedEvent } from '../../contract/events/events.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { decryptField, encryptField } from '../../core/encryption/field-cipher.ts';
import { endOfSession, endOfSessionsBelow } from '../../core/delivery/connections.ts';
import { now } from '../../core/runtime/clock.ts';
import { newId } from '../../core/runtime/ids.ts';
import { absent, type Expression } from '../../core/table/expression.ts';
import { keys as tableKeys } from '../../core/table/keys.ts';
import { tenantTable, type UpdateOutcome } from '../../core/table/scoped-table.ts';
import { type UnitOfWork, unitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { OpenTenant } from './account-store.ts';
import { hashOfSecret, newSecret } from './one-time-secret.ts';
import { type AccessRecord, forgettableSessions, rememberUntil } from './session-access.ts';
import { idleEnd, sessionLifetimes, type SessionRecord } from './session-rules.ts';

/** A session together with the secret of its present refresh token, which is stored nowhere in the clear. */
export interface OpenSession {
  readonly session: SessionRecord;
  readonly secret: string;
}

/** Ended sessions stay readable for a day longer than needed, so that a late token is told from an unknown one. */
const spareSeconds = 24 * 60 * 60;

/** Begins a session. It is void if the account's sessions were all ended since `access` was read. */
export async function createSession({ scope }: OpenTenant, access: AccessRecord): Promise<OpenSession> {
  const begun = newSession(access);
  const { userId, sessionId } = begun.session;
  await tenantTable(scope).put(tableKeys.session(userId, sessionId), begun.session, absent);
  return begun;
}

/** A new session with the access record's version. It is not stored yet. */
export function newSession(access: AccessRecord): OpenSession {
  const at = now();
  const secret = newSecret();
  const endsAt = at + sessionLifetimes[access.role].absoluteMs;
  const session: SessionRecord = {
    sessionId: newId(),
    userId: access.userId,
    sessionVersion: access.sessionVersion,
    createdAt: at,
    refreshedAt: at,
    endsAt,
    refreshHash: hashOfSecret(secret),
    expiresAt: expiry(access, at, endsAt),
  };
  return { session, secret };
}

export async function readSession(
  scope: TenantScope,
  userId: string,
  sessionId: string,
): Promise<SessionRecord | undefined> {
  return tenantTable(scope).get<SessionRecord>(tableKeys.session(userId, sessionId), { consistent: true });
}

/** Exchanges the session's refresh token, if it is still the one that was read: one of any number of attempts wins. */
export async function rotateSession(
  { scope, keys }: OpenTenant,
  access: AccessRecord,
  session: SessionRecord,
): Promise<{ readonly secret: string; readonly outcome: UpdateOutcome<SessionRecord> }> {
  const secret = newSecret();
  const outcome = await tenantTable(scope).update<SessionRecord>(
    tableKeys.session(session.userId, session.sessionId),
    rotation(scope, keys, access, session, secret),
    unrotated(session),
  );
  return { secret, outcome };
}

/** Replaces a session's refresh token. */
function rotation(
  scope: TenantScope,
  keys: TenantKeys,
  access: Pick<AccessRecord, 'role'>,
  session: SessionRecord,
  secret: string,
): Expression {
  const at = now();
  return {
    expression:
      'SET #previousHash = :previous, #refreshHash = :next, #rotatedAt = :at, #refreshedAt = :at, #sealedSecret = :sealed, #expiresAt = :expiresAt',
    values: {
      previous: session.refreshHash,
      next: hashOfSecret(secret),
      at,
      sealed: encryptField(keys, placeOf(scope, session), secret),
      expiresAt: expiry(access, at, session.endsAt),
    },
  };
}

/** Condition: nobody exchanged the refresh token or ended the session since it was read. */
function unrotated(session: SessionRecord): Expression {
  return {
    expression: '#refreshHash = :read AND attribute_not_exists(#endedAt)',
    values: { read: session.refreshHash },
  };
}

/** The secret of the session's present refresh token, while it can be asked for once more. */
export function presentSecret({ scope, keys }: OpenTenant, session: SessionRecord): string {
  if (session.sealedSecret === undefined) throw new Error('The session has no sealed secret');
  return decryptField(keys, placeOf(scope, session), session.sealedSecret);
}

/** Ends one session: its refresh token, its access tokens and its sockets. Doing it again changes nothing. */
export async function endSession(scope: TenantScope, userId: string, sessionId: string): Promise<void> {
  const access = await tenantTable(scope).get<AccessRecord>(tableKeys.userAccess(userId), { consistent: true });
  if (access === undefined || access.endedSessions[sessionId] !== undefined) return;
  const at = now();
  const past = forgettableSessions(access, at).slice(0, 50);
  await unitOfWork(scope)
    .update('session', tableKeys.session(userId, sessionId), endingOf(at), {
      expression: 'attribute_exists(#pk) AND attribute_not_exists(#endedAt)',
    })
    .update('access', tableKeys.userAccess(userId), remembering(sessionId, at, past), {
      expression: 'attribute_exists(#pk)',
    })
    .update(
      'connections',
      tableKeys.userConnections(userId),
      endOfSession(sessionId, at, rememberUntil(at) * 1000, past),
    )
    .emit(sessionsEndedEvent, { userId, sessionIds: [sessionId] })
    .commit();
}

/**
 * Ends all sessions of an account as part of a unit of work, by raising their version. What was remembered of sessions
 * ended one by one is covered by that.
 */
export function endAllSessions(
  work: UnitOfWork,
  access: AccessRecord,
  status: AccessRecord['status'] = access.status,
): UnitOfWork {
  const next = access.sessionVersion + 1;
  return work
    .update(
      'access',
      tableKeys.userAccess(access.userId),
      {
        expression: 'SET #sessionVersion = :next, #endedSessions = :none, #status = :status',
        values: { next, none: {}, status },
      },
      {
        expression: '#sessionVersion = :read AND #status = :readStatus',
        values: { read: access.sessionVersion, readStatus: access.status },
      },
    )
    .update('connections', tableKeys.userConnections(access.userId), endOfSessionsBelow(next, now()))
    .emit(sessionsEndedEvent, { userId: access.userId, sessionIds: 'all' });
}

function endingOf(at: number): Expression {
  return { expression: 'SET #endedAt = :at REMOVE #sealedSecret', values: { at } };
}

/** Remembers an ended session for as long as an access token of it may live, and forgets those that need it no more. */
function remembering(sessionId: string, at: number, past: readonly string[]): Expression {
  const removed = past.map((_, index) => `#endedSessions.#old${index}`).join(', ');
  return {
    expression: `SET #endedSessions.#ended = :until${removed === '' ? '' : ` REMOVE ${removed}`}`,
    values: { until: rememberUntil(at) },
    names: { ended: sessionId, ...Object.fromEntries(past.map((id, index) => [`old${index}`, id])) },
  };
}

function expiry(access: Pick<AccessRecord, 'role'>, at: number, endsAt: number): number {
  return Math.ceil(idleEnd(access.role, at, endsAt) / 1000) + spareSeconds;
}

function placeOf(scope: TenantScope, session: SessionRecord): readonly string[] {
  return [scope.tenantId, session.userId, session.sessionId, 'refresh'];
}
