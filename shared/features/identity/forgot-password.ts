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
 * Asks for a mail with a link to set a new password. An unverified address gets it too: following the link proves
 * ownership of the address, so its owner takes the account over from the registrant. The function reads and writes the
 * same whether the account exists or not: it emits an event in either case, and only the consumer, whose duration is
 * not observable, distinguishes them.
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
