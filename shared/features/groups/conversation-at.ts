import type { Conversation } from '../../contract/schemas/conversation.ts';
import { type ConversationSummary, newSummary } from '../log/conversation-summary.ts';
import type { ConversationItem } from '../log/conversation-item.ts';
import { readParts } from '../log/conversation-parts.ts';
import { conversationOf } from '../conversations/conversation-view.ts';
import type { LogOwner } from '../log/log-content.ts';
import { toStoredEntry } from '../log/log-codec.ts';
import type { LogEntry } from '../log/log-entry.ts';

export function summaryAt(conversationId: string, entry: LogEntry): ConversationSummary {
  return {
    ...newSummary(conversationId, entry.createdAt),
    lastSeq: entry.seq,
    count: entry.state.count,
    last: toStoredEntry(entry),
    lastShownSeq: entry.seq,
    lastUpdatedSeq: entry.changes.updatedSeq,
  };
}

/** Right after a system message. */
export async function conversationAt(
  owner: LogOwner,
  viewerId: string,
  item: ConversationItem,
  entry: LogEntry,
): Promise<Conversation> {
  const { scope, conversationId } = owner;
  const summary = summaryAt(conversationId, entry);
  const [parts] = await readParts(scope, [{ summary, item }]);
  return conversationOf(owner, { userId: viewerId }, parts ?? { id: conversationId, item, summary, progress: [] });
}
