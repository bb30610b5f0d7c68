import { settleAll } from '../../core/runtime/settle-all.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { readAccess } from '../identity/account-store.ts';

export interface UnfitUser {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

/** Names the users who cannot be on call, because they are no agents or admins of the tenant. */
export async function unfitForCall(scope: TenantScope, userIds: readonly string[]): Promise<readonly UnfitUser[]> {
  const found = await settleAll(userIds.map((userId) => readAccess(scope, userId)));
  return found.flatMap((access, index) => {
    const isFit = access?.status === 'active' && (access.role === 'agent' || access.role === 'admin');
    const detail = `must be agents or admins of the tenant with an active account, unlike ${userIds[index]}`;
    return isFit ? [] : [{ pointer: '/settings/onCall/userIds', code: 'custom', detail }];
  });
}
