import type { changePassword as changePasswordRoute } from '../../contract/identity/change-password.ts';
import { invalidCredentials, tooManyAttempts, weakPassword } from '../../contract/problems.ts';
import { refuse } from '../../core/refusal.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { absent } from '../../core/table/expression.ts';
import { keys as tableKeys } from '../../core/table/keys.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { UseCase } from '../../core/use-case.ts';
import { findTenantById } from '../tenants/tenant-directory.ts';
import { openProfile } from './account-records.ts';
import { readAccount } from './account-store.ts';
import { countAttempt, refundAttempts, tenantBucket } from './attempt-counter.ts';
import { attemptLimits } from './attempt-limits.ts';
import { issueTokens } from './issue-tokens.ts';
import { openTenant } from './open-tenant.ts';
import { hashPassword, verifyPassword } from './password-hash.ts';
import { passwordWeakness } from './password-rules.ts';
import { setPassword } from './password-store.ts';
import { isSessionAlive } from './session-access.ts';
import { endAllSessions, newSession } from './session-store.ts';

/**
 * Ends all sessions of the account, including the caller's, so that nothing outlives the old password. Starts a new
 * session.
 */
export const changePassword: UseCase<typeof changePasswordRoute> = async (
  principal,
  { currentPassword, newPassword },
) => {
  const { scope, userId } = principal;
  const bucket = tenantBucket(scope, attemptLimits.changePassword, userId);
  const retryAfterMs = await countAttempt(bucket);
  if (retryAfterMs > 0) return refuse(tooManyAttempts, { retryAfterMs });

  const [tenant, account, directoryEntry] = await settleAll([
    openTenant(scope),
    readAccount(scope, userId),
    findTenantById(scope.tenantId),
  ]);
  const verdict = await verifyPassword(currentPassword, account?.credentials.passwordHash);
  if (account === undefined || !verdict.matches) return refuse(invalidCredentials);
  // API Gateway may have cached the authorizer's answer.
  if (!isSessionAlive(account.access, principal)) return refuse(invalidCredentials);
  await refundAttempts([bucket]);

  const person = { ...openProfile(tenant.keys, scope, account.profile), tenant: directoryEntry?.slug ?? '' };
  const errors = passwordWeakness(newPassword, 'newPassword', person);
  if (errors.length > 0) return refuse(weakPassword, { errors });

  const access = { ...account.access, sessionVersion: account.access.sessionVersion + 1, endedSessions: {} };
  const begun = newSession(access);
  const work = setPassword(unitOfWork(scope), userId, account.credentials, await hashPassword(newPassword)).put(
    'session',
    tableKeys.session(userId, begun.session.sessionId),
    begun.session,
    absent,
  );
  const outcome = await endAllSessions(work, account.access).commit();
  // A concurrent change replaced the password or ended the session.
  if (!outcome.committed) return refuse(invalidCredentials);
  return issueTokens(tenant, access, account.profile, begun);
};
