import { keys as tableKeys } from '../../core/table/keys.ts';
import type { UnitOfWork } from '../../core/table/unit-of-work.ts';
import { now } from '../../core/runtime/clock.ts';
import type { ProfileRecord, UniqueRecord } from './account-records.ts';
import { type OpenTenant, uniqueKey } from './account-store.ts';

/**
 * An account that held the address unverified loses it. If another account has verified it, the write `email` fails.
 */
export function takingAddress(work: UnitOfWork, tenant: OpenTenant, userId: string, email: string): UnitOfWork {
  const unique: UniqueRecord = { userId };
  return work.put('email', uniqueKey(tenant, { kind: 'email', value: email }), unique, {
    expression: 'attribute_not_exists(#pk) OR attribute_exists(#claimedUntil) OR #userId = :userId',
    values: { userId },
  });
}

export function verifiedProfile({ emailUnverified: _, ...profile }: ProfileRecord): ProfileRecord {
  return { ...profile, updatedAt: now(), revision: profile.revision + 1 };
}

/** Fails if the profile has changed since it was read. */
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
