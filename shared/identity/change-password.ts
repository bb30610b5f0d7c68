import type { changePassword as changePasswordRoute } from '../contract/auth/change-password.ts';
import { invalidCredentials, tooManyAttempts, weakPassword } from '../contract/problems.ts';
import type { Handler } from '../handler/http.ts';
import { refuse } from '../handler/refusal.ts';
import { together } from '../runtime/together.ts';
import { keys as tableKeys } from '../table/keys.ts';
import { unitOfWork } from '../table/unit-of-work.ts';
import { findTenantById } from '../tenants/tenant-directory.ts';
import { openProfile } from './account-records.ts';
import { readAccount } from './account-store.ts';
import { countAttempt, refundAttempts, tenantBucket } from './attempt-counter.ts';
import { attemptLimits } from './attempt-limits.ts';
import { issueTokens } from './issue-tokens.ts';
import { hashOfSecret, newSecret } from './one-time-secret.ts';
import { openTenant } from './open-tenant.ts';
import { hashPassword, verifyPassword } from './password-hash.ts';
import { passwordWeakness } from './password-rules.ts';
import { setPassword } from './password-store.ts';

import { endAllSessions, readSession, rotation, unrotated } from './session-store.ts';

/**
 * Changes the caller's password and ends all other sessions of the account. The caller's own goes on with new tokens:
 * its old ones end with the others.
 */
export const changePassword: Handler<typeof changePasswordRoute> = async ({ body, principal }) => {
  const { scope, userId, sessionId } = principal;
  const bucket = tenantBucket(scope, attemptLimits.changePassword, userId);
  const retryAfterMs = await countAttempt(bucket);
  if (retryAfterMs > 0) return refuse(tooManyAttempts, { retryAfterMs });

  const [tenant, account, session, directoryEntry] = await together([
    openTenant(scope),
    readAccount(scope, userId),
    readSession(scope, userId, sessionId),
    findTenantById(scope.tenantId),
  ]);
  const verdict = await verifyPassword(body.currentPassword, account?.credentials.passwordHash);
  if (account === undefined || session === undefined || !verdict.matches) return refuse(invalidCredentials);
  await refundAttempts([bucket]);

  const person = { ...openProfile(tenant.keys, scope, account.profile), tenant: directoryEntry?.slug ?? '' };
  const errors = passwordWeakness(body.newPassword, 'body/newPassword', person);
  if (errors.length > 0) return refuse(weakPassword, { errors });

  const access = { ...account.access, sessionVersion: account.access.sessionVersion + 1, endedSessions: {} };
  const secret = newSecret();
  const work = setPassword(unitOfWork(scope), userId, account.credentials, await hashPassword(body.newPassword)).update(
    'session',
    tableKeys.session(userId, sessionId),
    rotation(scope, tenant.keys, access, session, secret),
    unrotated(session),
  );
  const outcome = await endAllSessions(work, account.access, { exceptSessionId: sessionId }).commit();
  // Another change came first: the password that was verified is not, or the session is over.
  if (!outcome.committed) return refuse(invalidCredentials);

  const kept = { ...session, sessionVersion: access.sessionVersion, refreshHash: hashOfSecret(secret) };
  return { status: 200, body: await issueTokens(tenant, access, account.profile, { session: kept, secret }) };
};
