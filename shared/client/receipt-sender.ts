import type { ReceiptState } from '../contract/schemas/receipt.ts';
import { createBackOff } from './back-off.ts';
import { newClientMessageId } from './client-message-id.ts';
import { errorOf } from './error-of.ts';
import { NetworkError } from './network-error.ts';
import type { OutboxKeeper } from './outbox-keeper.ts';
import { waitOf } from './retry-after-rules.ts';
import { RefusedError, SessionEndedError } from './refused-error.ts';

export interface ReceiptSenderOptions {
  /**
   * Sends the receipt. Throws RefusedError if it was refused, NetworkError if no answer came, SessionEndedError if the
   * session is over. Any other error drops the receipt, because a retry would not help.
   */
  readonly send: (
    conversationId: string,
    marks: { readonly deliveredSeq?: number; readonly readSeq?: number },
  ) => Promise<ReceiptState>;
  readonly onState: (state: ReceiptState) => void;
  /** Called with errors that are bugs. */
  readonly onError?: (error: Error) => void;
  /** Keeps what is not told yet beyond the end of the program. */
  readonly keeper?: OutboxKeeper;
}

interface Marks {
  deliveredSeq: number;
  readSeq: number;
  /** What the server knows already. */
  toldDelivered: number;
  toldRead: number;
  timer: ReturnType<typeof setTimeout> | undefined;
  sentAt: number;
  /** The server named a time before which nothing more is told, in milliseconds since the epoch. */
  notBefore: number;
  /** What is kept of it, by this program and by those before. */
  readonly kept: Set<string>;
}

/** One receipt a second for each conversation says it all, since both numbers only rise. */
const throttleMs = 1_000;
/** A new connection wakes what waits; this is for where there is none but HTTP. */
const retryCapMs = 2 * 60 * 1000;

/** Tells the server what was received and read: not more often than once a second, and again when nobody answered. */
export class ReceiptSender {
  readonly #options: ReceiptSenderOptions;
  readonly #marks = new Map<string, Marks>();
  /** Programs that share a storage write beside each other: the higher number counts. */
  readonly #name = newClientMessageId(Date.now());
  readonly #backOff = createBackOff({ baseMs: 2_000, capMs: retryCapMs });
  /** Without an answer one conversation finds out for all whether there is a network. */
  #retry: ReturnType<typeof setTimeout> | undefined;
  #unanswered = false;
  #closed = false;

  constructor(options: ReceiptSenderOptions) {
    this.#options = options;
    if (options.keeper !== undefined) void this.#restore(options.keeper);
  }

  /** Everything up to this number has reached the device. */
  delivered(conversationId: string, seq: number): void {
    checkSeq(seq);
    const marks = this.#of(conversationId);
    if (seq <= marks.deliveredSeq) return;
    marks.deliveredSeq = seq;
    // More comes mostly at once, and a reader's receipt says it too.
    this.#soon(conversationId, marks, throttleMs);
  }

  /** Everything up to this number was read. */
  read(conversationId: string, seq: number): void {
    checkSeq(seq);
    const marks = this.#of(conversationId);
    if (seq <= marks.readSeq) return;
    marks.readSeq = seq;
    marks.deliveredSeq = Math.max(marks.deliveredSeq, seq);
    this.#keep(conversationId, marks);
    clearTimeout(marks.timer);
    marks.timer = undefined;
    this.#soon(conversationId, marks, marks.sentAt + throttleMs - Date.now());
  }

  /** After a mark as unread the same number can be read again. */
  reset(conversationId: string): void {
    const marks = this.#of(conversationId);
    marks.readSeq = 0;
    marks.toldRead = 0;
    this.#forget(marks);
  }

  /** The connection is back: what could not be told is told now. */
  wake(): void {
    this.#unanswered = false;
    this.#backOff.reset();
    clearTimeout(this.#retry);
    this.#retry = undefined;
    for (const [conversationId, marks] of this.#marks) if (isUntold(marks)) this.#soon(conversationId, marks, 0);
  }

  /** Tells nothing any more. Resolves once what is not told is written. */
  close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    for (const { timer } of this.#marks.values()) clearTimeout(timer);
    return this.#options.keeper?.written() ?? Promise.resolve();
  }

  /** What was not told at the end of last time. */
  async #restore(keeper: OutboxKeeper): Promise<void> {
    for (const { localId, conversationId, receipt } of await keeper.loadReceipts()) {
      const marks = this.#of(conversationId);
      marks.kept.add(localId);
      marks.readSeq = Math.max(marks.readSeq, receipt.readSeq);
      marks.deliveredSeq = Math.max(marks.deliveredSeq, receipt.deliveredSeq);
      if (isUntold(marks)) this.#soon(conversationId, marks, 0);
      else this.#forget(marks);
    }
  }

  #of(conversationId: string): Marks {
    const known = this.#marks.get(conversationId);
    if (known !== undefined) return known;
    const none = { deliveredSeq: 0, readSeq: 0, toldDelivered: 0, toldRead: 0, sentAt: 0, notBefore: 0 };
    const fresh = { ...none, timer: undefined, kept: new Set<string>() };
    this.#marks.set(conversationId, fresh);
    return fresh;
  }

  #soon(conversationId: string, marks: Marks, delayMs: number): void {
    if (this.#closed) return;
    // After the device's clock was set back, earlier times are meaningless.
    const waitMs = Date.now() < marks.sentAt ? 0 : Math.max(0, delayMs, marks.notBefore - Date.now());
    marks.timer ??= setTimeout(() => {
      marks.timer = undefined;
      void this.#send(conversationId, marks);
    }, waitMs);
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
      marks.toldDelivered = Math.max(marks.toldDelivered, deliveredSeq);
      marks.toldRead = Math.max(marks.toldRead, readSeq);
      this.#options.onState(state);
    } catch (error) {
      if (!isFinal(error)) return this.#later(conversationId, marks, error);
      this.#takeBack(marks, deliveredSeq, readSeq);
      if (!(error instanceof RefusedError)) this.#options.onError?.(errorOf(error));
    }
    if (!isUntold(marks)) this.#forget(marks);
    if (this.#unanswered) this.wake();
  }

  /** A receipt that was refused for good is not sent again, and must not block lower numbers. */
  #takeBack(marks: Marks, deliveredSeq: number, readSeq: number): void {
    if (marks.readSeq === readSeq) marks.readSeq = marks.toldRead;
    if (marks.deliveredSeq === deliveredSeq) marks.deliveredSeq = marks.toldDelivered;
  }

  /** Without an answer it is told once another one is, or there is a connection; from a busy server after a time. */
  #later(conversationId: string, marks: Marks, error: unknown): void {
    if (isUntold(marks)) this.#keep(conversationId, marks);
    if (this.#closed) return;
    if (!(error instanceof RefusedError)) {
      this.#unanswered = true;
      this.#retry ??= setTimeout(() => this.#tryOne(), this.#backOff.next());
      return;
    }
    marks.notBefore = Date.now() + Math.max(waitOf(error.problem) ?? 0, this.#backOff.next());
    this.#soon(conversationId, marks, 0);
  }

  #tryOne(): void {
    this.#retry = undefined;
    const untold = [...this.#marks].find(([, marks]) => isUntold(marks));
    if (untold !== undefined) void this.#send(...untold);
  }

  #keep(conversationId: string, marks: Marks): void {
    const { deliveredSeq, readSeq, kept } = marks;
    const localId = `receipt-${conversationId}-${this.#name}`;
    if (this.#options.keeper === undefined || this.#closed) return;
    kept.add(localId);
    // The keeper reports errors.
    const receipt = { deliveredSeq, readSeq };
    this.#options.keeper.keep({ localId, conversationId, receipt }).catch(() => undefined);
  }

  #forget({ kept }: Marks): void {
    for (const localId of kept) this.#options.keeper?.forget(localId).catch(() => undefined);
    kept.clear();
  }
}

function isUntold(marks: Marks): boolean {
  return marks.readSeq > marks.toldRead || marks.deliveredSeq > Math.max(marks.toldDelivered, marks.toldRead);
}

/** A retry would fail in the same way. */
function isFinal(error: unknown): boolean {
  if (error instanceof RefusedError) return !error.problem.retryable && error.problem.status !== 401;
  return !(error instanceof NetworkError || error instanceof SessionEndedError);
}

/** NaN is neither lower nor higher than any number, so it would block all later receipts. */
function checkSeq(seq: number): void {
  if (!Number.isSafeInteger(seq)) throw new TypeError(`${seq} is not the number of a message`);
}
