import { agentIdOf, isAgent, type Key, keys } from '../../../core/table/keys.ts';
import { wakeAttribute } from '../../../core/table/schema.ts';
import { tenantTable } from '../../../core/table/scoped-table.ts';
import type { TenantScope } from '../../../core/tenancy/tenant-scope.ts';
import { hasTimer, readDue, type TimerSubject } from '../../../core/timers/timer.ts';
import type { AgentItem } from '../../agents/agent-item.ts';
import { deskSettings } from '../../tenants/desk-settings.ts';
import { assignmentKind } from '../../log/entry-kinds.ts';
import { afterGrace, graceEnd } from '../assignment/availability-rules.ts';
import { presenceOfAgent } from '../assignment/candidates.ts';
import { drain } from '../assignment/drain.ts';
import { tryToAssign } from '../assignment/try-to-assign.ts';
import { changeSupport, type DecideDesk } from '../change-support.ts';
import type { QueueItem } from '../desk-writes.ts';
import { queues } from '../queue-rules.ts';
import { unassign } from '../support-rules.ts';

/** Gives an agent waiting conversations, or returns those of an agent who has gone. */
export const agentTimer: TimerSubject = { name: 'agent', matches: isAgent, wake: wakeAgent };

export async function wakeAgent(scope: TenantScope, key: Key, at: number): Promise<void> {
  const agent = await readDue<AgentItem>(scope, key, at);
  if (agent === undefined) return;
  const userId = agentIdOf(key);
  const graceMs = (await deskSettings(scope)).awayGraceSeconds * 1000;
  const until = graceEnd(presenceOfAgent(agent), graceMs);
  if (until === undefined) await drain(scope, userId);
  else if (at >= until) await releaseUnanswered(scope, userId, until, at);
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
async function releaseUnanswered(scope: TenantScope, userId: string, until: number, at: number): Promise<void> {
  const { pk } = keys.queue(queues.ofAgent(userId), '');
  let after: string | undefined;
  do {
    const page = await tenantTable(scope).query<QueueItem>({
      pk,
      consistent: true,
      ...(after === undefined ? {} : { after }),
    });
    for (const { conversationId } of page.items) {
      await changeSupport({ scope, service: true }, conversationId, assignmentKind, returning(userId, until, at));
      await tryToAssign(scope, conversationId);
    }
    after = page.lastSortKey;
  } while (after !== undefined);
}

function returning(userId: string, until: number, at: number): DecideDesk<never> {
  return async ({ item: { support }, now }) => {
    if (support.assigneeId !== userId || afterGrace(support, until, at) !== 'returns-to-queue') return 'same';
    const next = unassign(support, now);
    if (next === undefined) return 'same';
    return {
      support: next,
      kind: assignmentKind,
      system: { kind: 'unassigned', userIds: [userId] },
      decision: { rule: 'agent-away', considered: [] },
    };
  };
}
