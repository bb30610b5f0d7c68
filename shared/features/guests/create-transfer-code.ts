import type { createTransferCode as createTransferCodeRoute } from '../../contract/guests/create-transfer-code.ts';
import { tooManyAttempts } from '../../contract/problems.ts';
import { refuse } from '../../core/refusal.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';
import type { UseCase } from '../../core/use-case.ts';
import { countAttempt, tenantBucket } from '../identity/attempt-counter.ts';
import { openTenant } from '../identity/open-tenant.ts';
import { guestLimits } from './guest-limits.ts';
import { storeTransferCode } from './transfer-store.ts';

/** Creates a one-time code with which another device becomes a device of the caller. */
export const createTransferCode: UseCase<typeof createTransferCodeRoute> = async (principal) => {
  const { scope, userId } = principal;
  const retryAfterMs = await countAttempt(tenantBucket(scope, guestLimits.transferCodes, userId));
  if (retryAfterMs > 0) return refuse(tooManyAttempts, { retryAfterMs });
  const { code, goodUntil } = await storeTransferCode(await openTenant(scope), userId, principal);
  return { transferCode: code, expiresAt: toTimestamp(goodUntil) };
};
