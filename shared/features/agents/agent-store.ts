import { agentPartition, keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { AgentItem } from './agent-item.ts';

/** Reads consistently. */
export function readAgent(scope: TenantScope, userId: string): Promise<AgentItem | undefined> {
  return tenantTable(scope).get<AgentItem>(keys.agent(userId), { consistent: true });
}

/** All agents of the tenant, in one call for about 2000 of them. Reads consistently. */
export async function readAgents(scope: TenantScope): Promise<readonly AgentItem[]> {
  const found: AgentItem[] = [];
  let after: string | undefined;
  do {
    const page = await tenantTable(scope).query<AgentItem>({
      pk: agentPartition,
      consistent: true,
      ...(after === undefined ? {} : { after }),
    });
    found.push(...page.items);
    after = page.lastSortKey;
  } while (after !== undefined);
  return found;
}
