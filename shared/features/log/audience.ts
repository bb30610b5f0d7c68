import { settleAll } from '../../core/runtime/settle-all.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { accessTo, type Reader } from './access.ts';
import { participantIdsOf, type ConversationItem } from './conversation-item.ts';
import type { LogAddress } from './log-store.ts';
import { readWatermarks } from './progress-store.ts';

interface Audience extends LogAddress {
  readonly item: ConversationItem;
}

/**
 * The people who receive events of a conversation. For a support conversation, these are its customers, its agent and
 * the agents who have read it. While it waits, these are all agents with access.
 */
export async function audienceOf({ scope, conversationId, item }: Audience): Promise<readonly Reader[]> {
  const participants = participantIdsOf(item).map((userId) => ({ userId }));
  if (item.kind !== 'support') return participants;
  const [agents, watermarks] = await settleAll([deskReaders(scope, item), readWatermarks(scope, conversationId, item)]);
  const readers = new Set(watermarks.map(({ userId }) => userId));
  const { assigneeId, status } = item.support;
  return [
    ...participants,
    ...agents.filter(({ userId }) => status === 'waiting' || userId === assigneeId || readers.has(userId)),
  ];
}

/** The agents and admins who have access to a support conversation. */
export async function deskReaders(scope: Principal['scope'], item: ConversationItem): Promise<readonly Reader[]> {
  // Loaded only when needed, so that the functions of all other messages start faster.
  const { readAgents } = await import('../agents/agent-store.ts');
  return (await readAgents(scope))
    .map(({ userId, role, teams }): Reader => ({ userId, role, teams }))
    .filter((reader) => accessTo(item, reader) !== undefined);
}
