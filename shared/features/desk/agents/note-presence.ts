import type { Presence } from '../../../contract/schemas/presence.ts';
import { leaseState } from '../../../core/delivery/leases.ts';
import { presenceOf } from '../../../core/delivery/presence-rules.ts';
import { now } from '../../../core/runtime/clock.ts';
import { keys } from '../../../core/table/keys.ts';
import { wakeAttribute } from '../../../core/table/schema.ts';
import { tenantTable } from '../../../core/table/scoped-table.ts';
import type { TenantScope } from '../../../core/tenancy/tenant-scope.ts';
import type { AgentItem } from '../../agents/agent-item.ts';

/**
 * Notes when an agent's last connection ended or the agent connected again. Wakes the agent, whose timer then waits for
 * the end of the grace time.
 * @param at - of the change, in milliseconds since the epoch.
 */
export async function notePresence(
  scope: TenantScope,
  userId: string,
  status: Presence['status'],
  at: number,
): Promise<void> {
  const agent = await tenantTable(scope).get<AgentItem>(keys.agent(userId));
  if (agent === undefined) return;
  if (status === 'offline') {
    // Changes of presence can arrive twice. The agent may be connected again.
    if (presenceOf(userId, await leaseState(scope, userId), now()).status !== 'offline') return;
    await tenantTable(scope).update(
      keys.agent(userId),
      { expression: `SET #goneSince = :at, #${wakeAttribute} = :at`, values: { at } },
      { expression: 'attribute_exists(#userId) AND attribute_not_exists(#goneSince)' },
    );
    return;
  }
  await tenantTable(scope).update(
    keys.agent(userId),
    { expression: `REMOVE #goneSince SET #${wakeAttribute} = :at`, values: { at } },
    { expression: 'attribute_exists(#goneSince)' },
  );
}
