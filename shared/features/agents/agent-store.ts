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

/** Removes a team from all of its agents. */
export async function leaveTeam(scope: TenantScope, teamId: string): Promise<void> {
  const table = tenantTable(scope);
  for (const { userId, teams } of await readAgents(scope)) {
    let current: readonly string[] = teams;
    while (current.includes(teamId)) {
      const others = current.filter((each) => each !== teamId);
      const { written } = await table.update(
        keys.agent(userId),
        { expression: 'SET #teams = :others', values: { others } },
        { expression: '#teams = :current', values: { current } },
      );
      if (written) break;
      current = (await readAgent(scope, userId))?.teams ?? [];
    }
  }
}
