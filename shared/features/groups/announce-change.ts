import type { Conversation } from '../../contract/schemas/conversation.ts';
import { conversationCreated, conversationRemoved } from '../../contract/events/server-events.ts';
import type { Connection } from '../../core/delivery/connections.ts';
import { deliver, type Post } from '../../core/delivery/delivery.ts';
import { passingFrame } from '../../core/delivery/frames.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { connectionsOfOthers, reachableConnections } from '../log/append-as-participant.ts';
import { type GroupConversation, isParticipant } from '../log/conversation-item.ts';
import type { LogOwner } from '../log/log-content.ts';
import { eventOf } from '../timeline/entry-events.ts';
import type { LogEntry } from '../log/log-entry.ts';

export interface AnnouncedChange {
  readonly principal: Principal;
  readonly owner: LogOwner;
  readonly entry: LogEntry;
  readonly next: GroupConversation;
  readonly newcomers: readonly string[];
  /** Of the other participants, before the change. */
  readonly connections: readonly Connection[];
}

/** Announces the removal to users who left. The projector announces the change again. */
export async function announceToParticipants(change: AnnouncedChange): Promise<void> {
  const { principal, owner, entry, next, connections } = change;
  const at = { conversationId: owner.conversationId, at: toTimestamp(entry.createdAt) };
  const system = eventOf(owner, entry);
  const removed = passingFrame(conversationRemoved, at, {});
  // Other devices of a user who left receive the removal too.
  const own = isParticipant(next, principal.userId) ? [] : await reachableConnections(principal, [principal.userId]);
  const postTo = ({ userId, connectionId }: Connection): Post => ({
    userId,
    connectionId,
    frame: isParticipant(next, userId) ? system : removed,
  });
  await deliver(owner.scope, [...connections, ...own].map(postTo));
}

/** Without unread messages. */
export async function announceToNewcomers(change: AnnouncedChange, conversation: Conversation): Promise<void> {
  const { principal, owner, entry, newcomers } = change;
  const connections = await connectionsOfOthers(principal, newcomers);
  const at = { conversationId: owner.conversationId, at: toTimestamp(entry.createdAt) };
  const frame = passingFrame(conversationCreated, at, { ...conversation, unreadCount: 0 });
  await deliver(
    owner.scope,
    connections.map(({ userId, connectionId }) => ({ userId, connectionId, frame })),
  );
}
