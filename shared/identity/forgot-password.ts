import type { forgotPassword as forgotPasswordRoute } from '../contract/auth/forgot-password.ts';
import { passwordResetRequestedEvent } from '../contract/events/events.ts';
import { tooManyAttempts } from '../contract/problems.ts';
import type { Handler } from '../handler/http.ts';
import { refuse } from '../handler/refusal.ts';
import { unitOfWork } from '../table/unit-of-work.ts';
import { type Identifier, identifierHash } from './account-records.ts';
import { findHolder } from './account-store.ts';
import { addressBucket, countAttempts, tenantBucket } from './attempt-counter.ts';
import { attemptLimits } from './attempt-limits.ts';
import { openNamedTenant } from './open-tenant.ts';

/**
 * Asks for a mail with a link to set a new password. An address that is not verified gets it as well: whoever follows
 * the link has proven to own the address, and takes the account over from whoever registered it. The same is read and written whether the account exists or not:
 * an event is emitted in either case, and only its consumer, whose time nobody can measure, tells them apart.
 */
export const forgotPassword: Handler<typeof forgotPasswordRoute> = async ({ body, context }) => {
  const tenant = await openNamedTenant(body.tenant);
  const identifier: Identifier = { kind: 'email', value: body.email };
  const retryAfterMs = await countAttempts([
    addressBucket(attemptLimits.forgotAddress, context.sourceIp),
    tenantBucket(tenant.scope, attemptLimits.resetMail, identifierHash(tenant.keys, identifier)),
  ]);
  if (retryAfterMs > 0) return refuse(tooManyAttempts, { retryAfterMs });

  const userId = (await findHolder(tenant, identifier))?.userId;
  await unitOfWork(tenant.scope)
    .emit(passwordResetRequestedEvent, userId === undefined ? {} : { userId })
    .commit();
  return { status: 202, body: { status: 'accepted' } };
};
