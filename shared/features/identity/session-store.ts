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

/** The secret is never stored in plain text. */
export interface OpenSession {
  readonly session: SessionRecord;
  readonly secret: string;
}

const spareSeconds = 24 * 60 * 60;

/** The session is not valid if all sessions were ended after `access` was read. */
export async function createSession({ scope }: OpenTenant, access: AccessRecord): Promise<OpenSession> {
  const begun = newSession(access);
  const { userId, sessionId } = begun.session;
  await tenantTable(scope).put(tableKeys.session(userId, sessionId), begun.session, absent);
  return begun;
}

/** Stores nothing. */
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

/** One of several concurrent calls succeeds. */
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
      sealed: encryptField(keys, associatedDataOf(scope, session), secret),
      expiresAt: expiry(access, at, session.endsAt),
    },
  };
}

function unrotated(session: SessionRecord): Expression {
  return {
    expression: '#refreshHash = :read AND attribute_not_exists(#endedAt)',
    values: { read: session.refreshHash },
  };
}

/** Available during the grace period. */
export function currentSecret({ scope, keys }: OpenTenant, session: SessionRecord): string {
  if (session.sealedSecret === undefined) throw new Error('The session has no sealed secret');
  return decryptField(keys, associatedDataOf(scope, session), session.sealedSecret);
}

/** Also ends the session's access tokens and sockets. Idempotent. */
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

/** Raises the account's session version. Clears `endedSessions`, because the new version ends those sessions too. */
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

function associatedDataOf(scope: TenantScope, session: SessionRecord): readonly string[] {
  return [scope.tenantId, session.userId, session.sessionId, 'refresh'];
}
