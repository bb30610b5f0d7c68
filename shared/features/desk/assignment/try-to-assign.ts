import { isRefusal } from '../../../core/refusal.ts';
import { log } from '../../../core/runtime/logger.ts';
import { count } from '../../../core/runtime/metrics.ts';
import type { TenantScope } from '../../../core/tenancy/tenant-scope.ts';
import { deskSettings } from '../../tenants/desk-settings.ts';
import { assignmentKind } from '../../log/entry-kinds.ts';
import { changeSupport, type DecideDesk } from '../change-support.ts';
import { throwIfBusy } from '../refusals.ts';
import { assign } from '../support-rules.ts';
import { readAgents } from '../../agents/agent-store.ts';
import { readCandidates } from './candidates.ts';
import { type Agent, chooseAgent } from './choose-agent-rules.ts';

export type Attempt = 'assigned' | 'no-agent' | 'not-waiting';

/**
 * Assigns a waiting conversation to the agent whom the rules choose, unless the tenant assigns by hand. A failure is
 * logged: the conversation's timer tries again.
 */
export async function tryToAssign(scope: TenantScope, conversationId: string): Promise<Attempt | 'off' | 'failed'> {
  try {
    const { autoAssign } = await deskSettings(scope);
    return autoAssign === 'off' ? 'off' : await assignAutomatically(scope, conversationId);
  } catch (error) {
    log('warn', 'assignment.failed', { conversationId }, error);
    count('Failures');
    return 'failed';
  }
}

/**
 * @param only - considers this agent alone, whose capacity is free.
 * @throws Error if other changes prevented every attempt.
 */
export async function assignAutomatically(scope: TenantScope, conversationId: string, only?: string): Promise<Attempt> {
  let attempt: Attempt = 'not-waiting';
  const decide = automatic(scope, (made) => (attempt = made), only);
  const changed = await changeSupport({ scope, service: true }, conversationId, assignmentKind, decide);
  throwIfBusy(changed);
  return isRefusal(changed) ? 'not-waiting' : attempt;
}

/** Decides on the loads and the availability of this moment. The transaction fails if the load changes meanwhile. */
function automatic(scope: TenantScope, report: (attempt: Attempt) => void, only?: string): DecideDesk<never> {
  return async ({ item: { support }, settings, now }) => {
    if (support.status !== 'waiting') {
      report('not-waiting');
      return 'same';
    }
    const candidates = await readCandidates(scope, settings.awayGraceSeconds * 1000, now);
    const considered: readonly Agent[] =
      only === undefined ? candidates : candidates.filter(({ userId }) => userId === only);
    const choice = chooseAgent(support, considered);
    const agent = (await readAgents(scope)).find(({ userId }) => userId === choice.chosen);
    const next = agent && assign(support, agent, now);
    if (agent === undefined || next === undefined) {
      report('no-agent');
      return 'same';
    }
    report('assigned');
    return {
      support: next,
      system: { kind: 'assigned', userIds: [agent.userId] },
      decision: { rule: choice.rule, considered: choice.considered },
    };
  };
}
