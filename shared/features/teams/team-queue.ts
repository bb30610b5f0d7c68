import { keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';

/** Whether the team has a conversation that waits or is active. */
export async function hasOpenConversations(scope: TenantScope, teamId: string): Promise<boolean> {
  for (const status of ['waiting', 'active']) {
    const { pk } = keys.queue(`S#${teamId}#${status}`, '');
    const { items } = await tenantTable(scope).query({ pk, limit: 1, consistent: true });
    if (items.length > 0) return true;
  }
  return false;
}
