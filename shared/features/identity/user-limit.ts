import { rateLimited } from '../../contract/conversations/problems.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import { countAttempt, tenantBucket } from './attempt-counter.ts';
import type { AttemptLimit } from './attempt-limits.ts';

export interface LimitedUse {
  readonly limit: AttemptLimit;
  /** The user's id by default. */
  readonly subject?: string;
  /** 1 by default. */
  readonly weight?: number;
}

/** Counts before the action. Tenants without a message limit have none of these limits. */
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
