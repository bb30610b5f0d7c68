import type { resendVerification as resendVerificationRoute } from '../../contract/identity/resend-verification.ts';
import { emailVerificationRequestedEvent } from '../../contract/events/events.ts';
import { tooManyAttempts } from '../../contract/problems.ts';
import { refuse } from '../../core/refusal.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { UseCase } from '../../core/use-case.ts';
import { type Identifier, identifierHash } from './account-records.ts';
import { findHolder, isOwner } from './account-store.ts';
import { addressBucket, countAttempts, networkHash, verificationMailBuckets } from './attempt-counter.ts';
import { attemptLimits } from './attempt-limits.ts';
import { openNamedTenant } from './open-tenant.ts';
import { findRegistrationId } from './registration-store.ts';

/**
 * The reads and writes do not depend on whether the address needs verification. Only the event's consumer distinguishes
 * the cases.
 */
export const resendVerification: UseCase<typeof resendVerificationRoute> = async (input, { sourceIp }) => {
  const tenant = await openNamedTenant(input.tenant);
  const identifier: Identifier = { kind: 'email', value: input.email };
  const hash = identifierHash(tenant.keys, identifier);
  const retryAfterMs = await countAttempts([
    addressBucket(attemptLimits.forgotAddress, sourceIp),
    ...verificationMailBuckets(tenant.scope, hash, networkHash(sourceIp)),
  ]);
  if (retryAfterMs > 0) return refuse(tooManyAttempts, { retryAfterMs });

  const [holder, registrationId] = await settleAll([
    findHolder(tenant, identifier),
    findRegistrationId(tenant.scope, hash),
  ]);
  const userId = holder === undefined ? registrationId : isOwner(holder) ? undefined : holder.userId;
  await unitOfWork(tenant.scope)
    .emit(emailVerificationRequestedEvent, userId === undefined ? {} : { userId })
    .commit();
  return { status: 'accepted' };
};
