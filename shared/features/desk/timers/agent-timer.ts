import { agentIdOf, isAgent, type Key, keys } from '../../../core/table/keys.ts';
import { wakeAttribute } from '../../../core/table/schema.ts';
import { tenantTable } from '../../../core/table/scoped-table.ts';
import type { TenantScope } from '../../../core/tenancy/tenant-scope.ts';
import { hasTimer, readDue, type TimerSubject } from '../../../core/timers/timer.ts';
import type { AgentItem } from '../../agents/agent-item.ts';
import { deskSettings } from '../../tenants/desk-settings.ts';
import { graceEnd } from '../assignment/availability-rules.ts';
import { presenceOfAgent } from '../assignment/candidates.ts';
import { drain } from '../assignment/drain.ts';
import { tryToAssign } from '../assignment/try-to-assign.ts';
import type { QueueItem } from '../desk-writes.ts';
import { queues } from '../queue-rules.ts';
import { releaseFromAbsent } from './release-from-absent.ts';

/** Gives an agent waiting conversations, or returns those of an agent who has gone. */
export const agentTimer: TimerSubject = { name: 'agent', matches: isAgent, wake: wakeAgent };

export async function wakeAgent(scope: TenantScope, key: Key, at: number): Promise<void> {
  const agent = await readDue<AgentItem>(scope, key, at);
  if (agent === undefined) return;
  const userId = agentIdOf(key);
  const graceMs = (await deskSettings(scope)).awayGraceSeconds * 1000;
  const until = graceEnd(presenceOfAgent(agent), graceMs);
  if (until === undefined || at < until) await drain(scope, userId);
  else await releaseUnanswered(scope, userId);
  const next = until !== undefined && at < until ? until : undefined;
  await tenantTable(scope).update(
    keys.agent(userId),
    next === undefined
      ? { expression: `REMOVE #${wakeAttribute}` }
      : { expression: `SET #${wakeAttribute} = :next`, values: { next } },
    hasTimer(agent.wakeAt),
  );
}

/** Returns the conversations whose customers wait to the queue. An agent who came back meanwhile keeps them. */
async function releaseUnanswered(scope: TenantScope, userId: string): Promise<void> {
  const { pk } = keys.queue(queues.ofAgent(userId), '');
  let after: string | undefined;
  do {
    const page = await tenantTable(scope).query<QueueItem>({
      pk,
      consistent: true,
      ...(after === undefined ? {} : { after }),
    });
    for (const { conversationId } of page.items) {
      if (await releaseFromAbsent(scope, conversationId)) await tryToAssign(scope, conversationId);
    }
    after = page.lastSortKey;
  } while (after !== undefined);
}
