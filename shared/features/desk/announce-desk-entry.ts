import { deliver } from '../../core/delivery/delivery.ts';
import { connectionsOf } from '../../core/delivery/connections.ts';
import { log } from '../../core/runtime/logger.ts';
import { count } from '../../core/runtime/metrics.ts';
import { deskReaders } from '../log/audience.ts';
import { participantIdsOf, type SupportConversation } from '../log/conversation-item.ts';
import type { LogOwner } from '../log/log-content.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { postsOf } from '../timeline/entry-posts.ts';

export interface DeskEntry {
  readonly owner: LogOwner;
  /** After the entry. */
  readonly item: SupportConversation;
  readonly entry: LogEntry;
}

/**
 * Announces a change of the state to the customers and to all agents with access, whose lists show it. A failure is
 * logged: clients catch up.
 */
export async function announceDeskEntry({ owner, item, entry }: DeskEntry): Promise<void> {
  const { scope, conversationId } = owner;
  try {
    const readers = [...participantIdsOf(item).map((userId) => ({ userId })), ...(await deskReaders(scope, item))];
    const byId = new Map(readers.map((reader) => [reader.userId, reader]));
    const connections = await connectionsOf(scope, [...byId.keys()]);
    const recipients = connections.map((connection) => ({
      ...connection,
      reader: byId.get(connection.userId) ?? { userId: connection.userId },
    }));
    await deliver(scope, postsOf(owner, item, entry, recipients));
  } catch (error) {
    log('warn', 'desk.not-announced', { conversationId, seq: entry.seq }, error);
    count('DeliveryFailed');
  }
}
