import type { ReceiptState } from '../contract/schemas/receipt.ts';
import { NetworkError } from './network-error.ts';

export interface ReceiptSenderOptions {
  /** Tells the server. Throws NetworkError if nobody answered. */
  readonly send: (
    conversationId: string,
    marks: { readonly deliveredSeq?: number; readonly readSeq?: number },
  ) => Promise<ReceiptState | undefined>;
  readonly onState: (state: ReceiptState) => void;
}

interface Marks {
  deliveredSeq: number;
  readSeq: number;
  /** What the server knows already. */
  toldDelivered: number;
  toldRead: number;
  timer: ReturnType<typeof setTimeout> | undefined;
  sentAt: number;
}

/** One receipt a second for each conversation says it all, since both numbers only rise. */
const throttleMs = 1_000;

/** Tells the server what was received and read: not more often than once a second, and again when nobody answered. */
export class ReceiptSender {
  readonly #options: ReceiptSenderOptions;
  readonly #marks = new Map<string, Marks>();
  #closed = false;

  constructor(options: ReceiptSenderOptions) {
    this.#options = options;
  }

  /** Everything up to this number has reached the device. */
  delivered(conversationId: string, seq: number): void {
    const marks = this.#of(conversationId);
    if (seq <= marks.deliveredSeq) return;
    marks.deliveredSeq = seq;
    // More comes mostly at once, and a reader's receipt says it too.
    this.#soon(conversationId, marks, throttleMs);
  }

  /** Everything up to this number was read. */
  read(conversationId: string, seq: number): void {
    const marks = this.#of(conversationId);
    if (seq <= marks.readSeq) return;
    marks.readSeq = seq;
    marks.deliveredSeq = Math.max(marks.deliveredSeq, seq);
    clearTimeout(marks.timer);
    marks.timer = undefined;
    this.#soon(conversationId, marks, Math.max(0, marks.sentAt + throttleMs - Date.now()));
  }

  /** After a mark as unread the same number can be read again. */
  reset(conversationId: string): void {
    const marks = this.#of(conversationId);
    marks.readSeq = 0;
    marks.toldRead = 0;
  }

  /** The connection is back: what could not be told is told now. */
  wake(): void {
    for (const [conversationId, marks] of this.#marks) if (isUntold(marks)) this.#soon(conversationId, marks, 0);
  }

  close(): void {
    this.#closed = true;
    for (const { timer } of this.#marks.values()) clearTimeout(timer);
  }

  #of(conversationId: string): Marks {
    const known = this.#marks.get(conversationId);
    if (known !== undefined) return known;
    const fresh = { deliveredSeq: 0, readSeq: 0, toldDelivered: 0, toldRead: 0, timer: undefined, sentAt: 0 };
    this.#marks.set(conversationId, fresh);
    return fresh;
  }

  #soon(conversationId: string, marks: Marks, delayMs: number): void {
    if (this.#closed) return;
    marks.timer ??= setTimeout(() => {
      marks.timer = undefined;
      void this.#send(conversationId, marks);
    }, delayMs);
  }

  async #send(conversationId: string, marks: Marks): Promise<void> {
    if (!isUntold(marks)) return;
    const { deliveredSeq, readSeq } = marks;
    marks.sentAt = Date.now();
    try {
      const state = await this.#options.send(conversationId, {
        ...(readSeq > marks.toldRead ? { readSeq } : {}),
        ...(deliveredSeq > Math.max(marks.toldDelivered, readSeq) ? { deliveredSeq } : {}),
      });
      if (state !== undefined) this.#options.onState(state);
    } catch (error) {
      // It is told when there is a connection again, or with the next one.
      if (error instanceof NetworkError) return;
    }
    // What was refused for good is not said again either.
    marks.toldDelivered = Math.max(marks.toldDelivered, deliveredSeq);
    marks.toldRead = Math.max(marks.toldRead, readSeq);
  }
}

function isUntold(marks: Marks): boolean {
  return marks.readSeq > marks.toldRead || marks.deliveredSeq > Math.max(marks.toldDelivered, marks.toldRead);
}
