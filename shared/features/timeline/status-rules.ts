import type { Message } from '../../contract/schemas/message.ts';
import { mostPeopleForReceipts } from '../../contract/schemas/receipt.ts';
import type { ConversationItem } from '../log/conversation-item.ts';
import type { LogEntry } from '../log/log-entry.ts';
import type { ReadingProgress } from '../log/progress-store.ts';

/**
 * Participants who joined later do not count, because the status must not decrease. With too many people for receipts,
 * it stays `sent`.
 */
export function statusOf(
  { participants }: Pick<ConversationItem, 'participants'>,
  { seq, senderId }: Pick<LogEntry, 'seq' | 'senderId'>,
  progress: readonly Pick<ReadingProgress, 'userId' | 'deliveredSeq' | 'readSeq'>[],
): Message['status'] {
  const all = Object.entries(participants);
  const recipients = all.filter(([userId, { joinedSeq }]) => userId !== senderId && joinedSeq < seq);
  if (recipients.length === 0 || all.length > mostPeopleForReceipts) return 'sent';
  const byUser = new Map(progress.map((own) => [own.userId, own]));
  const isPassed = (watermark: 'readSeq' | 'deliveredSeq') =>
    recipients.every(([userId]) => (byUser.get(userId)?.[watermark] ?? 0) >= seq);
  if (isPassed('readSeq')) return 'read';
  return isPassed('deliveredSeq') ? 'delivered' : 'sent';
}
