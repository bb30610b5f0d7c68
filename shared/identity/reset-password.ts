import type { resetPassword as resetPasswordRoute } from '../contract/auth/reset-password.ts';
import { invalidToken, weakPassword } from '../contract/problems.ts';
import type { Handler } from '../handler/http.ts';
import { refuse } from '../handler/refusal.ts';
import { unitOfWork } from '../table/unit-of-work.ts';
import { openProfile } from './account-records.ts';
import { readAccount } from './account-store.ts';
import { openTenant } from './open-tenant.ts';
import { hashPassword } from './password-hash.ts';
import { findPasswordReset, resetKey, usingReset } from './password-reset.ts';
import { passwordWeakness } from './password-rules.ts';
import { setPassword } from './password-store.ts';
import { endAllSessions } from './session-store.ts';

/** Sets a new password with the token from a mail, once, and ends all sessions of the account. */
export const resetPassword: Handler<typeof resetPasswordRoute> = async ({ body }) => {
  const found = await findPasswordReset(body.token);
  if (found === undefined) return refuse(invalidToken);
  const { tenant, reset } = found;

  const { scope, keys } = await openTenant(tenant.scope);
  const account = await readAccount(scope, reset.userId);
  if (account === undefined || account.credentials.revision !== reset.credentialsRevision) return refuse(invalidToken);

  const person = { ...openProfile(keys, scope, account.profile), tenant: tenant.slug };
  const errors = passwordWeakness(body.newPassword, 'body/newPassword', person);
  if (errors.length > 0) return refuse(weakPassword, { errors });

  const { change, condition } = usingReset();
  const work = unitOfWork(scope).update('reset', resetKey(body.token), change, condition);
  setPassword(work, reset.userId, account.credentials, await hashPassword(body.newPassword));
  const outcome = await endAllSessions(work, account.access).commit();
  return outcome.committed ? { status: 204 } : refuse(invalidToken);
};
