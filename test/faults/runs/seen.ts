import type { Message } from '../../../shared/contract/schemas/message.ts';
import type { SeenMessage } from '../history/history.ts';

/** A message as it counts in a history: without `status`, which says how far others have read. */
export function seenOf(message: Message): SeenMessage {
  const { status: _, ...shown } = message;
  const { seq, senderId, clientMessageId } = message;
  return { seq, senderId, clientMessageId, shown: textOf(shown) };
}

/** Members in the order of their names. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}
