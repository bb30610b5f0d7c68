import type { Conversation } from '../../contract/schemas/conversation.ts';
import type { Message } from '../../contract/schemas/message.ts';

/** Bytes of the events of a page: it fits a frame of 32 KiB with what stands around it. */
export const pageBytes = 31 * 1024;
/** Leaves room for what stands around the messages of a snapshot. */
const snapshotBytes = pageBytes - 1024;
/**
 * Bytes of an event that is larger than a page and goes alone: of a group of 500, its people are about 45 KB. It fits a
 * message to a client, of 128 KB at most, with what stands around it.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
export const largestEventBytes = 120 * 1024;

/** What a value takes in a list. */
export function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value)) + 1;
}

/** Fills pages, each with one event at least. */
export class PageFill {
  #bytes = 0;

  /** Whether the event still belongs to the page; if it does, it is counted. */
  takes(event: unknown): boolean {
    const bytes = bytesOf(event);
    if (this.#bytes > 0 && this.#bytes + bytes > pageBytes) return false;
    this.#bytes += bytes;
    return true;
  }

  /** Begins the next page with the event that the last one did not take. */
  beginWith(event: unknown): void {
    this.#bytes = bytesOf(event);
  }
}

/** A conversation as one event tells it: without its newest message where that would be too much. */
export function tellable(conversation: Conversation): Conversation {
  if (bytesOf(conversation) <= largestEventBytes) return conversation;
  const { lastMessage: _, ...others } = conversation;
  return others;
}

/**
 * The newest messages of a page of the history that fit into one event beside something else: at least one, if the event
 * can hold it at all.
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
