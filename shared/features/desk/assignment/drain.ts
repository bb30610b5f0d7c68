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
import { chooseConversation } from './choose-agent-rules.ts';
import { assignAutomatically } from './try-to-assign.ts';

/** Waiting conversations that are read of each team. Others may need skills that the agent lacks. */
const readOfTeam = 50;

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
    const waiting = (await waitingFor(scope, agent.teams)).filter(({ conversationId }) => !tried.has(conversationId));
    const next = chooseConversation(agent, waiting);
    if (next === undefined) return;
    tried.add(next.conversationId);
    await assignAutomatically(scope, next.conversationId);
  }
}

/** In the order of the queue. */
async function waitingFor(scope: TenantScope, teams: readonly string[]): Promise<readonly QueueItem[]> {
  const pages = await settleAll(
    [undefined, ...teams].map((teamId) => {
      const { pk } = keys.queue(queues.ofTeam(teamId, 'waiting'), '');
      return tenantTable(scope).query<QueueItem>({ pk, limit: readOfTeam, consistent: true });
    }),
  );
  return pages
    .flatMap(({ items }): readonly (QueueItem & Key)[] => items)
    .sort((one, other) => (one.sk < other.sk ? -1 : 1));
}
