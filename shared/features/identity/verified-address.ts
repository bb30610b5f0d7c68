import { keys as tableKeys } from '../../core/table/keys.ts';
import type { UnitOfWork } from '../../core/table/unit-of-work.ts';
import { now } from '../../core/runtime/clock.ts';
import type { ProfileRecord, UniqueRecord } from './account-records.ts';
import { type OpenTenant, uniqueKey } from './account-store.ts';

/**
 * Adds the final assignment of an address to an account to a unit of work, with the label `email`. An account that held
 * the address unverified loses it. If another account has verified it, the condition fails and nothing is written.
 */
export function takingAddress(work: UnitOfWork, tenant: OpenTenant, userId: string, email: string): UnitOfWork {
  const unique: UniqueRecord = { userId };
  return work.put('email', uniqueKey(tenant, { kind: 'email', value: email }), unique, {
    expression: 'attribute_not_exists(#pk) OR attribute_exists(#claimedUntil) OR #userId = :userId',
    values: { userId },
  });
}

/** The profile with its address verified. */
export function verifiedProfile({ emailUnverified: _, ...profile }: ProfileRecord): ProfileRecord {
  return { ...profile, updatedAt: now(), revision: profile.revision + 1 };
}

/**
 * Adds the verification of an account's address to a unit of work, on the condition that the profile has not changed
 * since it was read.
 */
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
