import type { ProblemBody } from '../contract/kit/define-problem.ts';
import type { Message } from '../contract/schemas/message.ts';
import { type BackOff, createBackOff } from './back-off.ts';
import { newClientMessageId } from './client-message-id.ts';
import { judgeAnswer } from './outbox-rules.ts';
import { SessionEndedError } from './refused-error.ts';
import type { ServerClock } from './server-clock.ts';

/** A message on its way. */
export interface PendingMessage {
  /** Stays the same until the message is stored or given up. */
  readonly localId: string;
  /** What the server knows the message by. It changes only if the server has certainly not taken it. */
  readonly clientMessageId: string;
  readonly conversationId: string;
  readonly text: string;
  /** Milliseconds since the epoch, by the server's clock. */
  readonly writtenAt: number;
  /** `waiting`: an attempt failed, the next comes by itself. `failed`: refused for good, see `problem`. */
  readonly state: 'queued' | 'sending' | 'waiting' | 'failed';
  /** True once an attempt had no answer: the message may be stored already. */
  readonly uncertain: boolean;
  /** The last refusal. */
  readonly problem?: ProblemBody;
}

export type SendOutcome =
  { readonly ok: true; readonly message: Message } | { readonly ok: false; readonly problem: ProblemBody };

/** Tries to send once. Throws NetworkError if no answer came, SessionEndedError if nobody is logged in. */
export type SendAttempt = (message: PendingMessage) => Promise<SendOutcome>;

export interface OutboxOptions {
  readonly attempt: SendAttempt;
  readonly clock: ServerClock;
  /** Hears of every change, with all that is pending in the conversation, oldest first. */
  readonly onChange: (conversationId: string, pending: readonly PendingMessage[]) => void;
  /** Hears of every message that was stored, before `onChange`. */
  readonly onStored: (message: Message) => void;
  /** What was pending when the client ended last time. */
  readonly restored?: readonly PendingMessage[];
  readonly random?: () => number;
}

interface Item {
  message: PendingMessage;
  readonly settle: (outcome: SendOutcome) => void;
  readonly outcome: Promise<SendOutcome>;
}

interface Lane {
  items: Item[];
  running: boolean;
  readonly backOff: BackOff;
  /** Ends the wait for the next attempt. */
  wake: (() => void) | undefined;
  /** The server named the time to wait. */
  imposed: boolean;
}

/**
 * Sends messages in the order in which they were written, one at a time in each conversation: the platform does not
 * keep the order of frames. Each is repeated, under the same id, until there is an answer.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #lanes = new Map<string, Lane>();
  #closed = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    for (const message of options.restored ?? []) {
      // Nobody knows what became of the attempts before the end.
      const restored: PendingMessage =
        message.state === 'failed'
          ? message
          : { ...message, state: 'queued', uncertain: message.state === 'sending' || message.uncertain };
      this.#add(restored);
    }
  }

  /** Adds a message. The promise tells how it ended, and never rejects. */
  send(
    conversationId: string,
    text: string,
  ): { readonly message: PendingMessage; readonly outcome: Promise<SendOutcome> } {
    const writtenAt = this.#options.clock.now();
    const id = newClientMessageId(writtenAt);
    const item = this.#add({
      localId: id,
      clientMessageId: id,
      conversationId,
      text,
      writtenAt,
      state: 'queued',
      uncertain: false,
    });
    this.#changed(conversationId);
    return { message: item.message, outcome: item.outcome };
  }

  /** Tries a message again that had failed; it goes to the end. */
  retry(conversationId: string, localId: string): Promise<SendOutcome> | undefined {
    const message = this.#remove(conversationId, localId);
    if (message === undefined) return undefined;
    const { problem: _, ...rest } = message;
    const item = this.#add({ ...rest, state: 'queued' });
    this.#changed(conversationId);
    return item.outcome;
  }

  /** Gives up a message that had failed. */
  discard(conversationId: string, localId: string): void {
    if (this.#remove(conversationId, localId) !== undefined) this.#changed(conversationId);
  }

  /** Takes note of an own message that was seen in the log: an answer that was lost is not needed any more. */
  confirm(message: Message): void {
    const lane = this.#lanes.get(message.conversationId);
    const item = lane?.items.find((one) => one.message.clientMessageId === message.clientMessageId);
    if (lane === undefined || item === undefined) return;
    this.#finish(lane, item, { ok: true, message });
    lane.wake?.();
  }

  /** Tries at once what waits for its next attempt: the connection is back. */
  wake(): void {
    for (const lane of this.#lanes.values()) {
      lane.backOff.reset();
      if (!lane.imposed) lane.wake?.();
    }
  }

  pending(conversationId: string): readonly PendingMessage[] {
    return this.#lanes.get(conversationId)?.items.map((item) => item.message) ?? [];
  }

  /** Sends nothing any more. What is pending stays so, to be restored later. */
  close(): void {
    this.#closed = true;
    for (const lane of this.#lanes.values()) lane.wake?.();
  }

  #add(message: PendingMessage): Item {
    const lane = this.#lane(message.conversationId);
    let settle: (outcome: SendOutcome) => void = () => undefined;
    const outcome = new Promise<SendOutcome>((resolve) => {
      settle = resolve;
    });
    const item: Item = { message, settle, outcome };
    lane.items.push(item);
    // Later, so that whoever adds has the message before the first news of it.
    if (!lane.running) queueMicrotask(() => void this.#run(lane));
    return item;
  }

  #lane(conversationId: string): Lane {
    const existing = this.#lanes.get(conversationId);
    if (existing !== undefined) return existing;
    const { random } = this.#options;
    const backOff = createBackOff(random === undefined ? {} : { random });
    const lane: Lane = { items: [], running: false, backOff, wake: undefined, imposed: false };
    this.#lanes.set(conversationId, lane);
    return lane;
  }

  async #run(lane: Lane): Promise<void> {
    if (lane.running) return;
    lane.running = true;
    try {
      while (!this.#closed) {
        const item = lane.items.find((one) => one.message.state !== 'failed');
        if (item === undefined) return;
        const waitMs = await this.#attempt(lane, item);
        if (waitMs !== undefined) await this.#wait(lane, waitMs);
      }
    } finally {
      lane.running = false;
    }
  }

  /** Milliseconds to wait before the next attempt; `Infinity` until somebody wakes us; nothing to go on at once. */
  async #attempt(lane: Lane, item: Item): Promise<number | undefined> {
    lane.imposed = false;
    this.#update(lane, item, { state: 'sending' });
    const attempted = item.message;
    let outcome: SendOutcome;
    try {
      outcome = await this.#options.attempt(attempted);
    } catch (error) {
      // Then nothing was sent. Any other failure leaves it open whether the server got the message.
      const isLoggedOut = error instanceof SessionEndedError;
      this.#update(lane, item, { state: 'waiting', uncertain: attempted.uncertain || !isLoggedOut });
      return isLoggedOut ? Infinity : lane.backOff.next();
    }
    // Confirmed by the log in the meantime.
    if (!lane.items.includes(item)) return undefined;
    if (outcome.ok) {
      lane.backOff.reset();
      this.#finish(lane, item, outcome);
      return undefined;
    }
    const { problem } = outcome;
    const verdict = judgeAnswer(attempted, problem);
    switch (verdict.kind) {
      case 'repeat':
        this.#update(lane, item, { state: 'waiting', problem, uncertain: attempted.uncertain || verdict.uncertain });
        lane.imposed = verdict.afterMs !== undefined;
        return verdict.afterMs ?? lane.backOff.next();
      case 'new-id':
        this.#options.clock.adopt(verdict.serverTime);
        this.#update(lane, item, { state: 'queued', problem, clientMessageId: newClientMessageId(verdict.serverTime) });
        return undefined;
      case 'give-up':
        this.#update(lane, item, { state: 'failed', problem });
        item.settle(outcome);
        return undefined;
    }
  }

  #wait(lane: Lane, waitMs: number): Promise<void> {
    if (this.#closed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = waitMs === Infinity ? undefined : setTimeout(() => lane.wake?.(), waitMs);
      lane.wake = () => {
        clearTimeout(timer);
        lane.wake = undefined;
        resolve();
      };
    });
  }

  #finish(lane: Lane, item: Item, outcome: Extract<SendOutcome, { ok: true }>): void {
    lane.items = lane.items.filter((one) => one !== item);
    this.#options.onStored(outcome.message);
    this.#changed(item.message.conversationId);
    item.settle(outcome);
  }

  #remove(conversationId: string, localId: string): PendingMessage | undefined {
    const lane = this.#lanes.get(conversationId);
    const item = lane?.items.find((one) => one.message.localId === localId && one.message.state === 'failed');
    if (lane === undefined || item === undefined) return undefined;
    lane.items = lane.items.filter((one) => one !== item);
    return item.message;
  }

  #update(lane: Lane, item: Item, change: Partial<PendingMessage>): void {
    if (!lane.items.includes(item)) return;
    item.message = { ...item.message, ...change };
    this.#changed(item.message.conversationId);
  }

  #changed(conversationId: string): void {
    this.#options.onChange(conversationId, this.pending(conversationId));
  }
}
