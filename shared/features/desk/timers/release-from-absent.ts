import { isRefusal } from '../../../core/refusal.ts';
import type { TenantScope } from '../../../core/tenancy/tenant-scope.ts';
import { readAgent } from '../../agents/agent-store.ts';
import { assignmentKind } from '../../log/entry-kinds.ts';
import { afterGrace, takeOverAt } from '../assignment/availability-rules.ts';
import { presenceOfAgent } from '../assignment/candidates.ts';
import { changeSupport, type DecideDesk } from '../change-support.ts';
import { throwIfBusy } from '../refusals.ts';
import { unassign } from '../support-rules.ts';

/**
 * Returns a conversation to the queue if its customer waits for an agent who is absent for longer than the grace time.
 *
 * @returns whether the conversation returned.
 * @throws Error if other changes prevented every attempt.
 */
export async function releaseFromAbsent(scope: TenantScope, conversationId: string): Promise<boolean> {
  const decide: DecideDesk<never> = async ({ item: { support }, settings, now }) => {
    const { assigneeId, assignedAt = 0 } = support;
    const agent = assigneeId === undefined ? undefined : await readAgent(scope, assigneeId);
    if (agent === undefined) return 'same';
    const until = takeOverAt(presenceOfAgent(agent), assignedAt, settings.awayGraceSeconds * 1000);
    if (afterGrace(support, until, now) !== 'returns-to-queue') return 'same';
    const next = unassign(support, now);
    if (next === undefined) return 'same';
    return {
      support: next,
      system: { kind: 'unassigned', userIds: [agent.userId] },
      decision: { rule: 'agent-away', considered: [] },
    };
  };
  const changed = await changeSupport({ scope, service: true }, conversationId, assignmentKind, decide);
  throwIfBusy(changed);
  return !isRefusal(changed) && changed.entry !== undefined;
}
