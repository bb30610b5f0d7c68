import type { Presence } from '../../../contract/schemas/presence.ts';
import { keys } from '../../../core/table/keys.ts';
import { wakeAttribute } from '../../../core/table/schema.ts';
import { tenantTable } from '../../../core/table/scoped-table.ts';
import type { TenantScope } from '../../../core/tenancy/tenant-scope.ts';
import type { AgentItem } from '../../agents/agent-item.ts';
import { deskSettings } from '../../tenants/desk-settings.ts';

/**
 * Notes when an agent's last connection ended, and wakes the agent when the grace time is over. An agent who connects
 * again is woken at once.
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
    const { awayGraceSeconds } = await deskSettings(scope);
    await tenantTable(scope).update(
      keys.agent(userId),
      {
        expression: `SET #goneSince = :at, #${wakeAttribute} = :end`,
        values: { at, end: at + awayGraceSeconds * 1000 },
      },
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
