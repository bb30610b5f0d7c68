import { keys as tableKeys } from '../table/keys.ts';
import type { UnitOfWork } from '../table/unit-of-work.ts';
import { now } from '../runtime/clock.ts';
import type { ProfileRecord, UniqueRecord } from './account-records.ts';
import { type OpenTenant, uniqueKey } from './account-store.ts';

/**
 * Adds to a unit of work that an address becomes an account's for good, label `email`. Whoever held it without a proof
 * loses it; an account that has proven it keeps it, and nothing is written.
 */
export function takingAddress(work: UnitOfWork, tenant: OpenTenant, userId: string, email: string): UnitOfWork {
  const unique: UniqueRecord = { userId };
  return work.put('email', uniqueKey(tenant, { kind: 'email', value: email }), unique, {
    expression: 'attribute_not_exists(#pk) OR attribute_exists(#claimedUntil) OR #userId = :userId',
    values: { userId },
  });
}

/** The profile once its address is verified. */
export function verifiedProfile({ emailUnverified: _, ...profile }: ProfileRecord): ProfileRecord {
  return { ...profile, updatedAt: now(), revision: profile.revision + 1 };
}

/** Adds to a unit of work that an account's address is verified, unless its profile changed since it was read. */
export function verifyingAddress(
  work: UnitOfWork,
  tenant: OpenTenant,
  profile: ProfileRecord,
  email: string,
): ProfileRecord {
  const after = verifiedProfile(profile);
  takingAddress(work, tenant, profile.userId, email).put('profile', tableKeys.user(profile.userId), after, {
    expression: '#revision = :read',
    values: { read: profile.revision },
  });
  return after;
}
