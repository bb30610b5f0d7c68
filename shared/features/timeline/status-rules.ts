import type { Message } from '../../contract/schemas/message.ts';
import { mostPeopleForReceipts } from '../../contract/schemas/receipt.ts';
import type { ConversationItem } from '../log/conversation-item.ts';
import type { LogEntry } from '../log/log-entry.ts';
import type { ReadingProgress } from '../log/progress-store.ts';

type Reached = Pick<ReadingProgress, 'userId' | 'deliveredSeq' | 'readSeq'>;

/**
 * Participants who joined later do not count, because the status must not decrease. With too many people for receipts,
 * it stays `sent`. In a support conversation, one person of the other side is enough.
 */
export function statusOf(
  { kind, participants }: Pick<ConversationItem, 'kind' | 'participants'>,
  { seq, senderId }: Pick<LogEntry, 'seq' | 'senderId'>,
  progress: readonly Reached[],
): Message['status'] {
  if (kind === 'support') {
    const isCustomer = (userId: string) => Object.hasOwn(participants, userId);
    const others = progress.filter(({ userId }) => isCustomer(userId) !== isCustomer(senderId));
    if (others.some(({ readSeq }) => readSeq >= seq)) return 'read';
    return others.some(({ deliveredSeq }) => deliveredSeq >= seq) ? 'delivered' : 'sent';
  }
  const all = Object.entries(participants);
  const recipients = all.filter(([userId, { joinedSeq }]) => userId !== senderId && joinedSeq < seq);
  if (recipients.length === 0 || all.length > mostPeopleForReceipts) return 'sent';
  const byUser = new Map(progress.map((own) => [own.userId, own]));
  const isPassed = (watermark: 'readSeq' | 'deliveredSeq') =>
    recipients.every(([userId]) => (byUser.get(userId)?.[watermark] ?? 0) >= seq);
  if (isPassed('readSeq')) return 'read';
  return isPassed('deliveredSeq') ? 'delivered' : 'sent';
}
