import type { refresh as refreshRoute } from '../../contract/identity/refresh.ts';
import { invalidToken } from '../../contract/problems.ts';
import type { Guest } from '../../contract/schemas/guest.ts';
import { refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import { count } from '../../core/runtime/metrics.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { UseCase } from '../../core/use-case.ts';
import { openProfile } from './account-records.ts';
import { type OpenTenant, readAccess, readProfile } from './account-store.ts';
import { issueTokenPair } from './issue-tokens.ts';
import { hashOfSecret } from './one-time-secret.ts';
import { openTenantById } from './open-tenant.ts';
import { isGenuine, parseRefreshToken, type PresentedRefreshToken } from './refresh-token.ts';
import { type AccessRecord, isSessionAlive } from './session-access.ts';
import { decideRefresh, type SessionRecord } from './session-rules.ts';
import { endSession, type OpenSession, currentSecret, readSession, rotateSession } from './session-store.ts';

/** Reads a guest with its profile. */
export type ReadGuest = (tenant: OpenTenant, guestId: string) => Promise<Guest | undefined>;

/**
 * Concurrent uses of a token get the same successor. A later use of an exchanged token ends the session, because one of
 * the two clients is a thief (RFC 9700, section 4.14.2).
 */
export function refreshWith(readGuest: ReadGuest): UseCase<typeof refreshRoute> {
  return ({ refreshToken }) => refresh(readGuest, refreshToken);
}

async function refresh(readGuest: ReadGuest, refreshToken: string) {
  const found = await findGenuine(refreshToken);
  if (found === undefined) return refuse(invalidToken);
  const { tenant, token } = found;

  const [session, access, profile] = await settleAll([
    readSession(tenant.scope, token.userId, token.sessionId),
    readAccess(tenant.scope, token.userId),
    readProfile(tenant.scope, token.userId),
  ]);
  if (session === undefined || access === undefined) return refuse(invalidToken);
  const user =
    profile === undefined ? await readGuest(tenant, token.userId) : openProfile(tenant.keys, tenant.scope, profile);
  if (user === undefined) return refuse(invalidToken);
  if (!isSessionAlive(access, session)) return refuse(invalidToken);

  const successor = await exchange(tenant, access, session, hashOfSecret(token.secret));
  if (successor === 'reuse') {
    count('RefreshReuse');
    await endSession(tenant.scope, token.userId, token.sessionId);
  }
  if (typeof successor === 'string') return refuse(invalidToken);
  return { ...(await issueTokenPair(tenant, access, successor)), user };
}

export async function findGenuine(
  refreshToken: string,
): Promise<{ readonly tenant: OpenTenant; readonly token: PresentedRefreshToken } | undefined> {
  const token = parseRefreshToken(refreshToken);
  const tenant = token && (await openTenantById(token.tenantId));
  return token && tenant && isGenuine(tenant.keys, token) ? { tenant, token } : undefined;
}

async function exchange(
  tenant: OpenTenant,
  access: AccessRecord,
  read: SessionRecord,
  hash: string,
): Promise<OpenSession | 'reuse' | 'ended'> {
  let session = read;
  for (;;) {
    const decision = decideRefresh(session, access.role, hash, now());
    if (decision === 'repeat') return { session, secret: currentSecret(tenant, session) };
    if (decision !== 'rotate') return decision;
    const { secret, outcome } = await rotateSession(tenant, access, session);
    if (outcome.written) return { session: outcome.item, secret };
    // A concurrent call exchanged the token or ended the session.
    if (outcome.existing === undefined) return 'ended';
    session = outcome.existing;
  }
}
