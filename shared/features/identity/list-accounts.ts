import type { listAccounts as listAccountsRoute } from '../../contract/identity/list-accounts.ts';
import { invalidCursor } from '../../contract/problems.ts';
import { refuse } from '../../core/refusal.ts';
import type { UseCase } from '../../core/use-case.ts';
import { listProfiles } from './account-list.ts';
import { openProfile } from './account-records.ts';
import type { AccountStatus } from './account-status.ts';
import { openTenant } from './open-tenant.ts';

const allStatuses: readonly AccountStatus[] = ['pending', 'active', 'suspended', 'rejected'];

export const listAccounts: UseCase<typeof listAccountsRoute> = async (principal, { status, limit, cursor }) => {
  const { keys, scope } = await openTenant(principal.scope);
  const page = await listProfiles(scope, {
    list: `accounts ${status ?? 'all'}`,
    statuses: status === undefined ? allStatuses : [status],
    limit,
    cursor,
  });
  if (page === undefined) return refuse(invalidCursor);
  return { items: page.profiles.map((profile) => openProfile(keys, scope, profile)), nextCursor: page.nextCursor };
};
