import { rateLimited } from '../../contract/conversations/problems.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import { countAttempt, tenantBucket } from './attempt-counter.ts';
import type { AttemptLimit } from './attempt-limits.ts';

/** An action that is limited for each user, or for each subject of a user. */
export interface LimitedUse {
  readonly limit: AttemptLimit;
  /** The subject of the limit; the user's id by default. */
  readonly subject?: string;
  /** The weight of the action; 1 by default. */
  readonly weight?: number;
}

/**
 * Counts a user's action before it happens. Returns a refusal if a limit is reached. Tenants without a message limit
 * also have none of these limits, so that they can be used for load tests.
 */
export async function countUses(
  principal: Principal,
  uses: readonly LimitedUse[],
): Promise<Refusal<typeof rateLimited> | undefined> {
  const { messagesPerMinute } = await tenantSettings(principal.scope);
  if (messagesPerMinute === null) return undefined;
  for (const { limit, subject = principal.userId, weight = 1 } of uses) {
    const retryAfterMs = await countAttempt(tenantBucket(principal.scope, limit, subject), weight);
    if (retryAfterMs > 0) return refuse(rateLimited, { retryAfterMs });
  }
  return undefined;
}
