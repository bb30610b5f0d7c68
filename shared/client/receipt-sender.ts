import type { ReceiptState } from '../contract/schemas/receipt.ts';
import { createBackOff } from './back-off.ts';
import { newClientMessageId } from './client-message-id.ts';
import { errorOf } from './error-of.ts';
import { NetworkError } from './network-error.ts';
import type { OutboxKeeper } from './outbox-keeper.ts';
import { waitOf } from './retry-after-rules.ts';
import { RefusedError, SessionEndedError } from './refused-error.ts';

export interface ReceiptSenderOptions {
  /** Throws RefusedError, NetworkError or SessionEndedError. Any other error drops the receipt. */
  readonly send: (
    conversationId: string,
    watermarks: { readonly deliveredSeq?: number; readonly readSeq?: number },
  ) => Promise<ReceiptState>;
  readonly onState: (state: ReceiptState) => void;
  /** Bugs only. */
  readonly onError?: (error: Error) => void;
  readonly keeper?: OutboxKeeper;
}

interface Progress {
  deliveredSeq: number;
  readSeq: number;
  acknowledgedDeliveredSeq: number;
  acknowledgedReadSeq: number;
  timer: ReturnType<typeof setTimeout> | undefined;
  sentAt: number;
  /** The server names it; milliseconds since the epoch. */
  notBefore: number;
  readonly storedIds: Set<string>;
}

/** Both watermarks only rise, so one receipt a second suffices. */
const throttleMs = 1_000;
/** A new connection wakes waiting receipts. */
const retryCapMs = 2 * 60 * 1000;

/** Sends at most one receipt a second per conversation, and retries unanswered ones. */
export class ReceiptSender {
  readonly #options: ReceiptSenderOptions;
  readonly #progress = new Map<string, Progress>();
  /** Programs can share a storage. */
  readonly #instanceId = newClientMessageId(Date.now());
  readonly #backOff = createBackOff({ baseMs: 2_000, capMs: retryCapMs });
  /** Without answers, one conversation probes the network for all. */
  #probe: ReturnType<typeof setTimeout> | undefined;
  #unanswered = false;
  #closed = false;

  constructor(options: ReceiptSenderOptions) {
    this.#options = options;
    if (options.keeper !== undefined) void this.#restore(options.keeper);
  }

  delivered(conversationId: string, seq: number): void {
    checkSeq(seq);
    const progress = this.#of(conversationId);
    if (seq <= progress.deliveredSeq) return;
    progress.deliveredSeq = seq;
    // More messages usually follow. A read receipt includes this one.
    this.#soon(conversationId, progress, throttleMs);
  }

  read(conversationId: string, seq: number): void {
    checkSeq(seq);
    const progress = this.#of(conversationId);
    if (seq <= progress.readSeq) return;
    progress.readSeq = seq;
    progress.deliveredSeq = Math.max(progress.deliveredSeq, seq);
    this.#keep(conversationId, progress);
    clearTimeout(progress.timer);
    progress.timer = undefined;
    this.#soon(conversationId, progress, progress.sentAt + throttleMs - Date.now());
  }

  reset(conversationId: string): void {
    const progress = this.#of(conversationId);
    progress.readSeq = 0;
    progress.acknowledgedReadSeq = 0;
    this.#forget(progress);
  }

  wake(): void {
    this.#unanswered = false;
    this.#backOff.reset();
    clearTimeout(this.#probe);
    this.#probe = undefined;
    for (const [conversationId, progress] of this.#progress) {
      if (isUnsent(progress)) this.#soon(conversationId, progress, 0);
    }
  }

  close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#probe);
    for (const { timer } of this.#progress.values()) clearTimeout(timer);
    return this.#options.keeper?.written() ?? Promise.resolve();
  }

  async #restore(keeper: OutboxKeeper): Promise<void> {
    for (const { localId, conversationId, receipt } of await keeper.loadReceipts()) {
      const progress = this.#of(conversationId);
      progress.storedIds.add(localId);
      progress.readSeq = Math.max(progress.readSeq, receipt.readSeq);
      progress.deliveredSeq = Math.max(progress.deliveredSeq, receipt.deliveredSeq);
      if (isUnsent(progress)) this.#soon(conversationId, progress, 0);
      else this.#forget(progress);
    }
  }

  #of(conversationId: string): Progress {
    const existing = this.#progress.get(conversationId);
    if (existing !== undefined) return existing;
    const progress = {
      deliveredSeq: 0,
      readSeq: 0,
      acknowledgedDeliveredSeq: 0,
      acknowledgedReadSeq: 0,
      timer: undefined,
      sentAt: 0,
      notBefore: 0,
      storedIds: new Set<string>(),
    };
    this.#progress.set(conversationId, progress);
    return progress;
  }

  #soon(conversationId: string, progress: Progress, delayMs: number): void {
    if (this.#closed) return;
    // Earlier times are meaningless after the device's clock was set back.
    const waitMs = Date.now() < progress.sentAt ? 0 : Math.max(0, delayMs, progress.notBefore - Date.now());
    progress.timer ??= setTimeout(() => {
      progress.timer = undefined;
      void this.#send(conversationId, progress);
    }, waitMs);
  }

  async #send(conversationId: string, progress: Progress): Promise<void> {
    if (!isUnsent(progress)) return;
    const { deliveredSeq, readSeq } = progress;
    progress.sentAt = Date.now();
    try {
      const state = await this.#options.send(conversationId, {
        ...(readSeq > progress.acknowledgedReadSeq ? { readSeq } : {}),
        ...(deliveredSeq > Math.max(progress.acknowledgedDeliveredSeq, readSeq) ? { deliveredSeq } : {}),
      });
      progress.acknowledgedDeliveredSeq = Math.max(progress.acknowledgedDeliveredSeq, deliveredSeq);
      progress.acknowledgedReadSeq = Math.max(progress.acknowledgedReadSeq, readSeq);
      this.#options.onState(state);
    } catch (error) {
      if (!isFinal(error)) return this.#later(conversationId, progress, error);
      this.#drop(progress, deliveredSeq, readSeq);
      if (!(error instanceof RefusedError)) this.#options.onError?.(errorOf(error));
    }
    if (!isUnsent(progress)) this.#forget(progress);
    if (this.#unanswered) this.wake();
  }

  /** A rejected receipt must not block lower watermarks. */
  #drop(progress: Progress, deliveredSeq: number, readSeq: number): void {
    if (progress.readSeq === readSeq) progress.readSeq = progress.acknowledgedReadSeq;
    if (progress.deliveredSeq === deliveredSeq) progress.deliveredSeq = progress.acknowledgedDeliveredSeq;
  }

  /** A lost answer waits for the next answer or connection, a rejection for a timer. */
  #later(conversationId: string, progress: Progress, error: unknown): void {
    if (isUnsent(progress)) this.#keep(conversationId, progress);
    if (this.#closed) return;
    if (!(error instanceof RefusedError)) {
      this.#unanswered = true;
      this.#probe ??= setTimeout(() => this.#sendOne(), this.#backOff.next());
      return;
    }
    progress.notBefore = Date.now() + Math.max(waitOf(error.problem) ?? 0, this.#backOff.next());
    this.#soon(conversationId, progress, 0);
  }

  #sendOne(): void {
    this.#probe = undefined;
    const unsent = [...this.#progress].find(([, progress]) => isUnsent(progress));
    if (unsent !== undefined) void this.#send(...unsent);
  }

  #keep(conversationId: string, progress: Progress): void {
    const { deliveredSeq, readSeq, storedIds } = progress;
    const localId = `receipt-${conversationId}-${this.#instanceId}`;
    if (this.#options.keeper === undefined || this.#closed) return;
    storedIds.add(localId);
    const receipt = { deliveredSeq, readSeq };
    // The keeper reports errors.
    this.#options.keeper.keep({ localId, conversationId, receipt }).catch(() => undefined);
  }

  #forget({ storedIds }: Progress): void {
    for (const localId of storedIds) this.#options.keeper?.forget(localId).catch(() => undefined);
    storedIds.clear();
  }
}

function isUnsent(progress: Progress): boolean {
  const { deliveredSeq, readSeq, acknowledgedDeliveredSeq, acknowledgedReadSeq } = progress;
  return readSeq > acknowledgedReadSeq || deliveredSeq > Math.max(acknowledgedDeliveredSeq, acknowledgedReadSeq);
}

function isFinal(error: unknown): boolean {
  if (error instanceof RefusedError) return !error.problem.retryable && error.problem.status !== 401;
  return !(error instanceof NetworkError || error instanceof SessionEndedError);
}

/** NaN would block all later receipts. */
function checkSeq(seq: number): void {
  if (!Number.isSafeInteger(seq)) throw new TypeError(`${seq} is not the seq of a message`);
}
