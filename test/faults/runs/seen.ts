import type { Message } from '../../../shared/contract/schemas/message.ts';
import type { SeenMessage } from '../history/history.ts';

/** Leaves out `status`, which depends on receipts. */
export function seenOf(message: Message): SeenMessage {
  const { status: _, ...shown } = message;
  const { seq, senderId, clientMessageId } = message;
  return { seq, senderId, clientMessageId, shown: textOf(shown) };
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
