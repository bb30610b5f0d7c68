import type { Message } from '../../contract/schemas/message.ts';

/** Bytes of the events of a page: it fits a frame of 32 KiB with what stands around it. */
export const pageBytes = 31 * 1024;
/** Leaves room for what stands around the messages of a snapshot. */
const snapshotBytes = pageBytes - 1024;

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

/** The newest messages of a page of the history that fit into one event beside something else; at least one. */
export function newestThatFit(
  page: { readonly items: readonly Message[]; readonly covers: { readonly after: number; readonly through: number } },
  beside: unknown,
): { readonly messages: Message[]; readonly covers: { readonly after: number; readonly through: number } } {
  const messages: Message[] = [];
  let bytes = bytesOf(beside);
  for (const message of page.items.toReversed()) {
    bytes += bytesOf(message);
    if (bytes > snapshotBytes && messages.length > 0) {
      return { messages, covers: { after: (messages[0]?.seq ?? 1) - 1, through: page.covers.through } };
    }
    messages.unshift(message);
  }
  return { messages, covers: page.covers };
}
