import { conversationRemoved } from '../../../contract/events/server-events.ts';
import { type Connection, connectionsOf } from '../../../core/delivery/connections.ts';
import { deliver } from '../../../core/delivery/delivery.ts';
import { passingFrame } from '../../../core/delivery/frames.ts';
import { now, toTimestamp } from '../../../core/runtime/clock.ts';
import { conversationIdOf, isAgent, isConversation } from '../../../core/table/keys.ts';
import type { ItemChange } from '../../../core/table/stream-record.ts';
import type { AgentItem } from '../../agents/agent-item.ts';
import { readAgents } from '../../agents/agent-store.ts';
import { isReachable, narrowsAccess } from '../../log/access.ts';
import { fromStoredConversation, type StoredConversation } from '../../log/conversation-codec.ts';
import { readConversation } from '../../log/conversation-store.ts';
import { openConversationsOf } from '../../teams/team-queue.ts';

/** Announces the removal of support conversations to agents who can no longer open them. */
export async function announceLostAccess(change: ItemChange): Promise<void> {
  if (change.item === undefined || change.before === undefined) return;
  if (isConversation(change.key)) await announceLosers(change);
  if (isAgent(change.key)) await announceLostTeams(change);
}

/** After a change of the team or the assignee. An agent who has access again by now receives nothing. */
async function announceLosers({ scope, key, before, item }: ItemChange): Promise<void> {
  const [old, next] = [before, item].map((image) => fromStoredConversation(image as unknown as StoredConversation));
  if (old?.kind !== 'support' || next?.kind !== 'support' || !narrowsAccess(old.support, next.support)) return;
  const conversationId = conversationIdOf(key);
  const [agents, current] = await Promise.all([readAgents(scope), readConversation(scope, conversationId)]);
  if (current?.kind !== 'support') return;
  const losers = agents.filter((agent) => isReachable(old.support, agent) && !isReachable(current.support, agent));
  const connections = await connectionsOf(
    scope,
    losers.map(({ userId }) => userId),
  );
  await deliver(scope, removalsFor(connections, conversationId));
}

/** Closed conversations are left out. The agent's client has only some of them, and there can be very many. */
async function announceLostTeams({ scope, before, item }: ItemChange): Promise<void> {
  const [old, next] = [before, item].map((image) => image as unknown as AgentItem);
  if (old === undefined || next?.role !== 'agent') return;
  const lost = old.teams.filter((teamId) => !next.teams.includes(teamId));
  if (lost.length === 0) return;
  const connections = await connectionsOf(scope, [next.userId]);
  if (connections.length === 0) return;
  for (const teamId of lost) {
    for await (const page of openConversationsOf(scope, teamId)) {
      const gone = page.filter((placed) => !isReachable(placed, next));
      await deliver(
        scope,
        gone.flatMap(({ conversationId }) => removalsFor(connections, conversationId)),
      );
    }
  }
}

function removalsFor(connections: readonly Connection[], conversationId: string) {
  const frame = passingFrame(conversationRemoved, { conversationId, at: toTimestamp(now()) }, {});
  return connections.map(({ userId, connectionId }) => ({ userId, connectionId, frame }));
}
