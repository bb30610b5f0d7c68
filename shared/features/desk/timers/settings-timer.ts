import { isTenantSettings, type Key, keys } from '../../../core/table/keys.ts';
import { mapConcurrent } from '../../../core/runtime/map-concurrent.ts';
import { wakeAttribute } from '../../../core/table/schema.ts';
import { tenantTable } from '../../../core/table/scoped-table.ts';
import type { TenantScope } from '../../../core/tenancy/tenant-scope.ts';
import { hasTimer, readDue, type TimerSubject } from '../../../core/timers/timer.ts';
import type { AgentItem } from '../../agents/agent-item.ts';
import { readAgents } from '../../agents/agent-store.ts';
import { readTeams } from '../../teams/team-store.ts';
import type { QueueItem } from '../desk-writes.ts';
import { queues } from '../queue-rules.ts';

/** Wakes all conversations that are not closed, and agents with a timer, so that they follow changed settings. */
export const settingsTimer: TimerSubject = { name: 'settings', matches: isTenantSettings, wake: wakeSettings };

const atOnce = 10;

async function wakeSettings(scope: TenantScope, key: Key, at: number): Promise<void> {
  const settings = await readDue<object>(scope, key, at);
  if (settings === undefined) return;
  const teams: readonly (string | undefined)[] = [undefined, ...(await readTeams(scope)).map(({ teamId }) => teamId)];
  for (const teamId of teams) {
    for (const status of ['waiting', 'active', 'resolved'] as const) {
      await wakeAll(scope, queues.ofTeam(teamId, status), at);
    }
  }
  await wakeAgents(scope, at);
  await tenantTable(scope).update(key, { expression: `REMOVE #${wakeAttribute}` }, hasTimer(settings.wakeAt));
}

async function wakeAll(scope: TenantScope, queue: string, at: number): Promise<void> {
  const { pk } = keys.queue(queue, '');
  let after: string | undefined;
  do {
    const page = await tenantTable(scope).query<QueueItem>({ pk, ...(after === undefined ? {} : { after }) });
    const wake = ({ conversationId }: QueueItem) =>
      tenantTable(scope).update(
        keys.conversation(conversationId),
        { expression: `SET #${wakeAttribute} = :at`, values: { at } },
        { expression: 'attribute_exists(#support)' },
      );
    for await (const outcome of mapConcurrent(page.items, atOnce, wake)) void outcome;
    after = page.lastSortKey;
  } while (after !== undefined);
}

async function wakeAgents(scope: TenantScope, at: number): Promise<void> {
  const timed = (await readAgents(scope)).filter(({ wakeAt }) => wakeAt !== undefined);
  const wake = ({ userId }: AgentItem) =>
    tenantTable(scope).update(
      keys.agent(userId),
      { expression: `SET #${wakeAttribute} = :at`, values: { at } },
      { expression: `attribute_exists(#${wakeAttribute})` },
    );
  for await (const outcome of mapConcurrent(timed, atOnce, wake)) void outcome;
}
