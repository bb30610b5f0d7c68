import { now } from '../../../core/runtime/clock.ts';
import { log } from '../../../core/runtime/logger.ts';
import { count } from '../../../core/runtime/metrics.ts';
import { settleAll } from '../../../core/runtime/settle-all.ts';
import { keys } from '../../../core/table/keys.ts';
import { tenantTable } from '../../../core/table/scoped-table.ts';
import type { Key } from '../../../core/table/keys.ts';
import type { TenantScope } from '../../../core/tenancy/tenant-scope.ts';
import { readAgent } from '../../agents/agent-store.ts';
import { deskSettings } from '../../tenants/desk-settings.ts';
import type { QueueItem } from '../desk-writes.ts';
import { queues } from '../queue-rules.ts';
import { candidateOf } from './candidates.ts';
import { type Agent, chooseConversation } from './choose-agent-rules.ts';
import { assignAutomatically } from './try-to-assign.ts';

const pageSize = 50;

/**
 * Assigns waiting conversations to an agent until it has no capacity left. A failure is logged: the agent's timer tries
 * again.
 */
export async function drainTo(scope: TenantScope, userId: string): Promise<void> {
  try {
    await drain(scope, userId);
  } catch (error) {
    log('warn', 'drain.failed', { userId }, error);
    count('Failures');
  }
}

/** Reads the queues after the agent's capacity became free, so that no conversation is overlooked. */
export async function drain(scope: TenantScope, userId: string): Promise<void> {
  const { autoAssign, awayGraceSeconds } = await deskSettings(scope);
  if (autoAssign === 'off') return;
  const tried = new Set<string>();
  for (;;) {
    const item = await readAgent(scope, userId);
    if (item === undefined) return;
    const agent = candidateOf(item, awayGraceSeconds * 1000, now());
    if (agent.availability !== 'online' || agent.load >= agent.maxConcurrent) return;
    const next = await nextFor(scope, agent, tried);
    if (next === undefined) return;
    tried.add(next.conversationId);
    await assignAutomatically(scope, next.conversationId);
  }
}

/** The first conversation in the order of the queues that fits the agent. */
async function nextFor(scope: TenantScope, agent: Agent, tried: ReadonlySet<string>): Promise<QueueItem | undefined> {
  const found = await settleAll(
    [undefined, ...agent.teams].map((teamId) => firstOf(scope, queues.ofTeam(teamId, 'waiting'), agent, tried)),
  );
  return found.filter((item) => item !== undefined).toSorted((one, other) => (one.sk < other.sk ? -1 : 1))[0];
}

/** Reads on while no conversation fits: the agent may lack the skills for all at the head of the queue. */
async function firstOf(
  scope: TenantScope,
  queue: string,
  agent: Agent,
  tried: ReadonlySet<string>,
): Promise<(QueueItem & Key) | undefined> {
  const { pk } = keys.queue(queue, '');
  let after: string | undefined;
  do {
    const page = await tenantTable(scope).query<QueueItem>({
      pk,
      limit: pageSize,
      consistent: true,
      ...(after === undefined ? {} : { after }),
    });
    const untried = page.items.filter(({ conversationId }) => !tried.has(conversationId));
    const next = chooseConversation(agent, untried);
    if (next !== undefined) return next;
    after = page.lastSortKey;
  } while (after !== undefined);
  return undefined;
}
