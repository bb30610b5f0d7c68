import type { updateMe as updateMeRoute } from '../../contract/identity/update-me.ts';
import { usernameTaken } from '../../contract/problems.ts';
import type { User } from '../../contract/schemas/user.ts';
import { userUpdatedEvent } from '../../contract/events/events.ts';
import { refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import { absent } from '../../core/table/expression.ts';
import { keys as tableKeys } from '../../core/table/keys.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { UseCase } from '../../core/use-case.ts';
import { openProfile, type ProfileRecord, sealField, type UniqueRecord } from './account-records.ts';
import { type OpenTenant, readProfile, uniqueKey } from './account-store.ts';
import { openTenant } from './open-tenant.ts';

type Change = Partial<Pick<User, 'firstName' | 'lastName' | 'username'>>;

/** Reserves a new username and releases the old one in one transaction. */
export const updateMe: UseCase<typeof updateMeRoute> = async (principal, wanted) => {
  const tenant = await openTenant(principal.scope);
  for (;;) {
    const profile = await readProfile(tenant.scope, principal.userId);
    if (profile === undefined) throw new Error('A caller with a live session has no profile');
    const before = openProfile(tenant.keys, tenant.scope, profile);
    const change = differences(before, wanted);
    if (Object.keys(change).length === 0) return before;

    const after: ProfileRecord = { ...profile, ...seal(tenant, profile.userId, change), ...stamp(profile) };
    const outcome = await commit(tenant, before, after, change);
    if (outcome.committed) return openProfile(tenant.keys, tenant.scope, after);
    const holder = outcome.existing?.['userId'];
    if (outcome.failed === 'username' && holder !== principal.userId) return refuse(usernameTaken);
    // The profile changed since it was read, possibly to the requested username: retry.
  }
};

function differences(before: User, wanted: { readonly [K in keyof Change]?: string | undefined }): Change {
  const fields = ['firstName', 'lastName', 'username'] as const;
  return Object.fromEntries(
    fields
      .filter((field) => wanted[field] !== undefined && wanted[field] !== before[field])
      .map((field) => [field, wanted[field]]),
  );
}

function seal({ scope, keys }: OpenTenant, userId: string, change: Change) {
  return Object.fromEntries(
    Object.entries(change).map(([field, value]) => [
      field,
      sealField(keys, scope, userId, field as keyof Change, value),
    ]),
  );
}

function stamp(profile: ProfileRecord) {
  return { revision: profile.revision + 1, updatedAt: now() };
}

function commit(tenant: OpenTenant, before: User, after: ProfileRecord, change: Change) {
  const unique: UniqueRecord = { userId: after.userId };
  const work = unitOfWork(tenant.scope);
  if (change.username !== undefined) {
    work
      .put('username', uniqueKey(tenant, { kind: 'username', value: change.username }), unique, absent)
      .delete('former username', uniqueKey(tenant, { kind: 'username', value: before.username }));
  }
  return work
    .put('profile', tableKeys.user(after.userId), after, {
      expression: '#revision = :read',
      values: { read: after.revision - 1 },
    })
    .emit(userUpdatedEvent, { userId: after.userId, status: after.status })
    .commit();
}
