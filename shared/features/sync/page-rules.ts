import type { Conversation } from '../../contract/schemas/conversation.ts';
import type { Message } from '../../contract/schemas/message.ts';

/** With its envelope, a page fits a frame of 32 KiB. */
export const pageBytes = 31 * 1024;
/** Leaves room for the snapshot's other members. */
const snapshotBytes = pageBytes - 1024;
/**
 * An event that is larger than a page is sent alone: the participants of a group of 500 are about 45 KB. A message has
 * at most 128 KB.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
export const largestEventBytes = 120 * 1024;

export function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value)) + 1;
}

/** Each page has at least one event. */
export class PageFill {
  #bytes = 0;

  /** Returns false if the event does not fit. */
  add(event: unknown): boolean {
    const bytes = bytesOf(event);
    if (this.#bytes > 0 && this.#bytes + bytes > pageBytes) return false;
    this.#bytes += bytes;
    return true;
  }

  beginWith(event: unknown): void {
    this.#bytes = bytesOf(event);
  }
}

/** Removes the newest message if the conversation would be too large for one event. */
export function fittingConversation(conversation: Conversation): Conversation {
  if (bytesOf(conversation) <= largestEventBytes) return conversation;
  const { lastMessage: _, ...others } = conversation;
  return others;
}

/** Returns at least one message, unless the event cannot contain even that. */
export function newestThatFit(
  page: { readonly items: readonly Message[]; readonly covers: { readonly after: number; readonly through: number } },
  beside: unknown,
): { readonly messages: Message[]; readonly covers: { readonly after: number; readonly through: number } } {
  const messages: Message[] = [];
  let bytes = bytesOf(beside);
  for (const message of page.items.toReversed()) {
    bytes += bytesOf(message);
    if (bytes > (messages.length > 0 ? snapshotBytes : largestEventBytes)) {
      const after = messages[0] === undefined ? page.covers.through : messages[0].seq - 1;
      return { messages, covers: { after, through: page.covers.through } };
    }
    messages.unshift(message);
  }
  return { messages, covers: page.covers };
}
