import type { resetPassword as resetPasswordRoute } from '../../contract/identity/reset-password.ts';
import { invalidToken, weakPassword } from '../../contract/problems.ts';
import { refuse } from '../../core/refusal.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { UseCase } from '../../core/use-case.ts';
import { openProfile } from './account-records.ts';
import { readAccount } from './account-store.ts';
import { findLink, linkKey, usingLink } from './mailed-link.ts';
import { openTenant } from './open-tenant.ts';
import { hashPassword } from './password-hash.ts';
import { passwordWeakness } from './password-rules.ts';
import { setPassword } from './password-store.ts';
import { endAllSessions } from './session-store.ts';
import { verifyingAddress } from './verified-address.ts';

/**
 * Uses a mailed token once, and ends all sessions of the account. Also verifies the address, because the token proves
 * ownership.
 */
export const resetPassword: UseCase<typeof resetPasswordRoute> = async ({ token, newPassword }) => {
  const found = await findLink('password-reset', token);
  if (found === undefined) return refuse(invalidToken);
  const { tenant: directoryEntry, link } = found;
  const tenant = await openTenant(directoryEntry.scope);
  const { scope, keys } = tenant;
  for (;;) {
    const account = await readAccount(scope, link.userId);
    if (account === undefined || account.credentials.revision !== link.credentialsRevision) return refuse(invalidToken);

    const { access, profile, credentials } = account;
    // A rejected account's address is free for others.
    if (access.status === 'rejected') return refuse(invalidToken);
    const user = openProfile(keys, scope, profile);
    const errors = passwordWeakness(newPassword, 'newPassword', { ...user, tenant: directoryEntry.slug });
    if (errors.length > 0) return refuse(weakPassword, { errors });

    const { change, condition } = usingLink();
    const work = unitOfWork(scope).update('link', linkKey('password-reset', token), change, condition);
    setPassword(work, link.userId, credentials, await hashPassword(newPassword));
    if (profile.emailUnverified === true) verifyingAddress(work, tenant, profile, user.email);
    const outcome = await endAllSessions(work, access).commit();
    if (outcome.committed) return;
    if (outcome.failed !== 'profile') return refuse(invalidToken);
    // The profile changed since it was read: retry.
  }
};
