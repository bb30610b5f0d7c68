import type { Conversation } from '../../contract/schemas/conversation.ts';
import type { Message } from '../../contract/schemas/message.ts';

/** Bytes of the events of a page. With its envelope the page fits a frame of 32 KiB. */
export const pageBytes = 31 * 1024;
/** Bytes of a snapshot's conversation and messages. Leaves room for its other members. */
const snapshotBytes = pageBytes - 1024;
/**
 * Bytes of an event that is larger than a page and is sent alone: the participants of a group of 500 are about 45 KB. With
 * its envelope the event fits a message to a client, which has at most 128 KB.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
export const largestEventBytes = 120 * 1024;

/** Bytes of a value in a JSON list. */
export function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value)) + 1;
}

/** Tracks the size of a page of events. Each page has at least one event. */
export class PageFill {
  #bytes = 0;

  /** Adds the event to the page if it fits. Returns whether it was added. */
  add(event: unknown): boolean {
    const bytes = bytesOf(event);
    if (this.#bytes > 0 && this.#bytes + bytes > pageBytes) return false;
    this.#bytes += bytes;
    return true;
  }

  /** Begins the next page with an event that did not fit. */
  beginWith(event: unknown): void {
    this.#bytes = bytesOf(event);
  }
}

/** Returns a conversation that fits into one event: without its newest message if it would be too large. */
export function fittingConversation(conversation: Conversation): Conversation {
  if (bytesOf(conversation) <= largestEventBytes) return conversation;
  const { lastMessage: _, ...others } = conversation;
  return others;
}

/**
 * Returns the newest messages of a page that fit into one event beside another value: at least one, unless the event
 * cannot contain even that.
 */
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
