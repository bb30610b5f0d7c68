import type { listAccounts as listAccountsRoute } from '../../contract/identity/list-accounts.ts';
import { invalidCursor } from '../../contract/problems.ts';
import type { Handler } from '../../transport/http.ts';
import { refuse } from '../../core/refusal.ts';
import { listProfiles } from './account-list.ts';
import { openProfile } from './account-records.ts';
import type { AccountStatus } from './account-status.ts';
import { openTenant } from './open-tenant.ts';

const allStatuses: readonly AccountStatus[] = ['pending', 'active', 'suspended', 'rejected'];

/** The tenant's accounts as its administrators see them. */
export const listAccounts: Handler<typeof listAccountsRoute> = async ({ query, principal }) => {
  const { keys, scope } = await openTenant(principal.scope);
  const page = await listProfiles(scope, {
    list: `accounts ${query.status ?? 'all'}`,
    statuses: query.status === undefined ? allStatuses : [query.status],
    limit: query.limit,
    cursor: query.cursor,
  });
  if (page === undefined) return refuse(invalidCursor);
  const items = page.profiles.map((profile) => openProfile(keys, scope, profile));
  return { status: 200, body: { items, nextCursor: page.nextCursor } };
};
