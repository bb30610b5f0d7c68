import type { Conversation } from '../contract/schemas/conversation.ts';
import type { Message } from '../contract/schemas/message.ts';
import { mostPeopleForReceipts } from '../contract/schemas/receipt.ts';
import { furtherStatus } from './message-versions.ts';

export interface Watermarks {
  readonly deliveredSeq: number;
  readonly readSeq: number;
}

export function countsAsUnread(type: Message['type']): boolean {
  return type !== 'system' && type !== 'note';
}

type Reader = Watermarks & Pick<Conversation['participants'][number], 'userId' | 'role'>;

/**
 * A new participant does not reset the status. Conversations with too many people for receipts keep the server's. In a
 * support conversation, one person of the other side is enough.
 */
export function statusOf(
  message: Pick<Message, 'seq' | 'senderId' | 'status'>,
  kind: Conversation['kind'],
  participants: readonly Reader[],
): Message['status'] {
  if (kind === 'support') {
    const isCustomer = (userId: string): boolean =>
      participants.some((participant) => participant.userId === userId && participant.role !== 'agent');
    const others = participants.filter(({ userId }) => isCustomer(userId) !== isCustomer(message.senderId));
    if (others.some(({ readSeq }) => readSeq >= message.seq)) return 'read';
    return furtherStatus(
      message.status,
      others.some(({ deliveredSeq }) => deliveredSeq >= message.seq) ? 'delivered' : 'sent',
    );
  }
  const otherParticipants = participants.filter(({ userId }) => userId !== message.senderId);
  if (otherParticipants.length === 0 || participants.length > mostPeopleForReceipts) return message.status;
  if (otherParticipants.every(({ readSeq }) => readSeq >= message.seq)) return 'read';
  const isDelivered = otherParticipants.every(
    ({ deliveredSeq, readSeq }) => Math.max(deliveredSeq, readSeq) >= message.seq,
  );
  return furtherStatus(message.status, isDelivered ? 'delivered' : 'sent');
}
