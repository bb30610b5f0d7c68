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

/**
 * Wakes all conversations that are not closed, and agents with a timer, so that they follow changed settings. Many
 * conversations take several wake-ups.
 */
export const settingsTimer: TimerSubject = { name: 'settings', matches: isTenantSettings, wake: wakeSettings };

const atOnce = 10;
/** Of one wake-up, so that it ends long before the function's timeout. The next one continues. */
const mostWoken = 250;

/** The last conversation that the wake-up before has woken. Another change of the settings begins from the start. */
interface Progress {
  readonly wakeAt: number;
  readonly list: string;
  readonly position: string;
}

async function wakeSettings(scope: TenantScope, key: Key, at: number): Promise<void> {
  const settings = await readDue<{ readonly woken?: Progress }>(scope, key, at);
  if (settings === undefined) return;
  const { wakeAt, woken } = settings;
  const reached = await wakeConversations(scope, at, woken?.wakeAt === wakeAt ? woken : undefined);
  if (reached === undefined) await wakeAgents(scope, at);
  const next: Progress | undefined = reached && { ...reached, wakeAt: wakeAt + 1 };
  const change =
    next === undefined
      ? { expression: `REMOVE #${wakeAttribute}, #woken` }
      : { expression: `SET #${wakeAttribute} = :next, #woken = :woken`, values: { next: next.wakeAt, woken: next } };
  await tenantTable(scope).update(key, change, hasTimer(wakeAt));
}

/** @returns the last conversation that was woken if others may follow. */
async function wakeConversations(
  scope: TenantScope,
  at: number,
  after: Omit<Progress, 'wakeAt'> | undefined,
): Promise<Omit<Progress, 'wakeAt'> | undefined> {
  const teams: readonly (string | undefined)[] = [undefined, ...(await readTeams(scope)).map(({ teamId }) => teamId)];
  const lists = teams.flatMap((teamId) => statuses.map((status) => queues.ofTeam(teamId, status)));
  // The list of a team that was deleted meanwhile is not found: then all are woken again.
  const first = Math.max(0, after === undefined ? 0 : lists.indexOf(after.list));
  let left = mostWoken;
  for (const list of lists.slice(first)) {
    let position = list === after?.list ? after.position : undefined;
    do {
      const page = await tenantTable(scope).query<QueueItem>({
        pk: keys.queue(list, '').pk,
        limit: left,
        ...(position === undefined ? {} : { after: position }),
      });
      for await (const outcome of mapConcurrent(page.items, atOnce, (item) => wake(scope, item, at))) void outcome;
      left -= page.items.length;
      position = page.lastSortKey;
      if (position !== undefined && left <= 0) return { list, position };
    } while (position !== undefined);
    if (left <= 0) return { list, position: lastPosition };
  }
  return undefined;
}

const statuses = ['waiting', 'active', 'resolved'] as const;
/** Sorts after every position of a list. */
const lastPosition = ':';

function wake(scope: TenantScope, { conversationId }: QueueItem, at: number) {
  return tenantTable(scope).update(
    keys.conversation(conversationId),
    { expression: `SET #${wakeAttribute} = :at`, values: { at } },
    { expression: 'attribute_exists(#support)' },
  );
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
