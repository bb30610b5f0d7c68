import type { listUsers as listUsersRoute } from '../../contract/identity/list-users.ts';
import { invalidCursor } from '../../contract/problems.ts';
import { refuse } from '../../core/refusal.ts';
import type { UseCase } from '../../core/use-case.ts';
import { listProfiles } from './account-list.ts';
import { openProfile, type ProfileRecord } from './account-records.ts';
import { findOwnerId, type OpenTenant, readProfile } from './account-store.ts';
import { openTenant } from './open-tenant.ts';

/** With `q`, returns only the user whose address or username is exactly `q`. */
export const listUsers: UseCase<typeof listUsersRoute> = async (principal, { q, limit, cursor }) => {
  const tenant = await openTenant(principal.scope);
  if (q !== undefined) {
    const profile = await findActive(tenant, q);
    return { items: profile === undefined ? [] : [summaryOf(tenant, profile)], nextCursor: null };
  }
  const page = await listProfiles(tenant.scope, { list: 'users', statuses: ['active'], limit, cursor });
  if (page === undefined) return refuse(invalidCursor);
  return { items: page.profiles.map((profile) => summaryOf(tenant, profile)), nextCursor: page.nextCursor };
};

async function findActive(tenant: OpenTenant, text: string): Promise<ProfileRecord | undefined> {
  // A username cannot contain an `@`.
  const kind = text.includes('@') ? 'email' : 'username';
  const userId = await findOwnerId(tenant, { kind, value: text });
  const profile = userId === undefined ? undefined : await readProfile(tenant.scope, userId);
  return profile?.status === 'active' ? profile : undefined;
}

function summaryOf({ keys, scope }: OpenTenant, profile: ProfileRecord) {
  const { id, username, firstName, lastName, role } = openProfile(keys, scope, profile);
  return { id, username, firstName, lastName, role };
}
