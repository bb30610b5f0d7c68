import type { Message } from '../../contract/schemas/message.ts';
import { mostPeopleForReceipts } from '../../contract/schemas/receipt.ts';
import type { ConversationItem, ParticipantItem } from '../log/conversation-item.ts';
import type { LogEntry } from '../log/log-entry.ts';

/**
 * How far a message has come with everybody but its sender. Who came later does not count, or it would fall back; in
 * conversations of too many people for receipts it is only sent.
 */
export function statusOf(
  { members }: Pick<ConversationItem, 'members'>,
  { seq, senderId }: Pick<LogEntry, 'seq' | 'senderId'>,
  watermarks: readonly Pick<ParticipantItem, 'userId' | 'deliveredSeq' | 'readSeq'>[],
): Message['status'] {
  const everybody = Object.entries(members);
  const others = everybody.filter(([userId, member]) => userId !== senderId && member.q < seq);
  if (others.length === 0 || everybody.length > mostPeopleForReceipts) return 'sent';
  const known = new Map(watermarks.map((one) => [one.userId, one]));
  if (others.every(([userId]) => (known.get(userId)?.readSeq ?? 0) >= seq)) return 'read';
  return others.every(([userId]) => (known.get(userId)?.deliveredSeq ?? 0) >= seq) ? 'delivered' : 'sent';
}
