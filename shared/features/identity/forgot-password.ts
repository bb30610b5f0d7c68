import type { forgotPassword as forgotPasswordRoute } from '../../contract/identity/forgot-password.ts';
import { passwordResetRequestedEvent } from '../../contract/events/events.ts';
import { tooManyAttempts } from '../../contract/problems.ts';
import { refuse } from '../../core/refusal.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { UseCase } from '../../core/use-case.ts';
import { type Identifier, identifierHash } from './account-records.ts';
import { findHolder } from './account-store.ts';
import { addressBucket, countAttempts, tenantBucket } from './attempt-counter.ts';
import { attemptLimits } from './attempt-limits.ts';
import { openNamedTenant } from './open-tenant.ts';

/**
 * An unverified address gets the mail too, because following its link proves ownership. The reads and writes do not
 * depend on whether the account exists; only the event's consumer distinguishes the cases.
 */
export const forgotPassword: UseCase<typeof forgotPasswordRoute> = async (input, { sourceIp }) => {
  const tenant = await openNamedTenant(input.tenant);
  const identifier: Identifier = { kind: 'email', value: input.email };
  const retryAfterMs = await countAttempts([
    addressBucket(attemptLimits.forgotAddress, sourceIp),
    tenantBucket(tenant.scope, attemptLimits.resetMail, identifierHash(tenant.keys, identifier)),
  ]);
  if (retryAfterMs > 0) return refuse(tooManyAttempts, { retryAfterMs });

  const userId = (await findHolder(tenant, identifier))?.userId;
  await unitOfWork(tenant.scope)
    .emit(passwordResetRequestedEvent, userId === undefined ? {} : { userId })
    .commit();
  return { status: 'accepted' };
};
