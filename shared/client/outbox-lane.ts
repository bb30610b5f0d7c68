import { type BackOff, createBackOff } from './back-off.ts';
import { newClientMessageId } from './client-message-id.ts';
import { judgeAnswer } from './outbox-rules.ts';
import { NetworkError } from './network-error.ts';
import type { PendingMessage, SendOutcome, StoredOutcome } from './pending-message.ts';
import { problemOfError } from './problem-of.ts';
import { rankOf } from './support-start.ts';
import { RefusedError, SessionEndedError } from './refused-error.ts';
import type { ServerClock } from './server-clock.ts';

/**
 * Throws NetworkError, SessionEndedError, or RefusedError if the token could not be renewed. Any other error fails the
 * change.
 */
export type SendAttempt = (item: PendingMessage) => Promise<SendOutcome>;

export class OutboxItem {
  readonly outcome: Promise<SendOutcome>;
  pending: PendingMessage;
  #settle: (outcome: SendOutcome) => void = () => undefined;

  constructor(pending: PendingMessage) {
    this.pending = pending;
    this.outcome = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  settle(outcome: SendOutcome): void {
    this.#settle(outcome);
  }
}

export interface OutboxLaneOptions {
  readonly attempt: SendAttempt;
  readonly clock: ServerClock;
  readonly maySend: () => boolean;
  /** Resolves once the change is stored. Undefined without a storage. */
  readonly update: (item: OutboxItem, change: Partial<PendingMessage>) => Promise<void> | undefined;
  readonly finish: (item: OutboxItem, outcome: StoredOutcome) => void;
  readonly onError?: (error: Error) => void;
  readonly random?: () => number;
}

/** A new connection wakes the lanes earlier. */
const capMs = 2 * 60 * 1000;

/** Sends one conversation's changes one at a time, in order, until the server answers. */
export class OutboxLane {
  readonly #options: OutboxLaneOptions;
  readonly #backOff: BackOff;
  #items: readonly OutboxItem[] = [];
  #running = false;
  #endWait: (() => void) | undefined;
  /** The server named the wait, so `wake` must not shorten it. */
  #imposed = false;

  constructor(options: OutboxLaneOptions) {
    this.#options = options;
    this.#backOff = createBackOff({ capMs, ...(options.random === undefined ? {} : { random: options.random }) });
  }

  get items(): readonly OutboxItem[] {
    return this.#items;
  }

  get pending(): readonly PendingMessage[] {
    return this.#items.map(({ pending }) => pending);
  }

  find(matches: (pending: PendingMessage) => boolean): OutboxItem | undefined {
    return this.#items.find(({ pending }) => matches(pending));
  }

  has(item: OutboxItem): boolean {
    return this.#items.includes(item);
  }

  insert(item: OutboxItem): void {
    this.#items = [...this.#items, item].sort(byOrder);
    if (rankOf(item.pending) < 2) this.changed();
    this.run();
  }

  moveToEnd(matches: (pending: PendingMessage) => boolean, nextOrder: () => number): void {
    for (const item of this.#items.filter(({ pending }) => matches(pending))) {
      void this.#options.update(item, { order: nextOrder() });
    }
    this.#items = [...this.#items].sort(byOrder);
  }

  remove(item: OutboxItem): void {
    this.#items = this.#items.filter((each) => each !== item);
  }

  /** In a microtask: the caller of `insert` gets the item before its first change. */
  run(): void {
    if (!this.#running) queueMicrotask(() => void this.#run());
  }

  /** Does not shorten a wait that the server named. */
  wake(): void {
    this.#backOff.reset();
    if (!this.#imposed) this.#endWait?.();
  }

  changed(): void {
    if (!this.#imposed) this.#endWait?.();
  }

  stop(): void {
    this.#endWait?.();
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      while (this.#options.maySend()) {
        const item = this.#next();
        if (item === undefined) return;
        const waitMs = await this.#attempt(item).catch((error: unknown) => this.#giveUp(item, error));
        if (waitMs !== undefined) await this.#wait(waitMs);
      }
    } finally {
      this.#running = false;
    }
  }

  /** Nothing is sent to a conversation that the server has not created. */
  #next(): OutboxItem | undefined {
    const isFailed = ({ pending }: OutboxItem): boolean => pending.state === 'failed';
    const start = this.#items.find(({ pending }) => pending.task.kind === 'start');
    if (start !== undefined) return isFailed(start) ? undefined : start;
    return this.#items.find((item) => !isFailed(item));
  }

  /** Milliseconds to the next attempt: `Infinity` waits for `wake`, undefined continues. */
  async #attempt(item: OutboxItem): Promise<number | undefined> {
    const { update, attempt, finish, clock, maySend } = this.#options;
    this.#imposed = false;
    const kept = update(item, { state: 'sending' });
    // After a crash, the storage must show the attempt.
    if (kept !== undefined) await kept;
    if (!maySend() || !this.has(item)) return undefined;
    const attempted = item.pending;
    let outcome: SendOutcome;
    try {
      outcome = await attempt(attempted);
    } catch (error) {
      if (error instanceof RefusedError) outcome = { ok: false, problem: error.problem };
      else return this.#unanswered(item, attempted, error);
    }
    if (!this.has(item)) return undefined;
    if (outcome.ok) {
      this.#backOff.reset();
      finish(item, outcome);
      return undefined;
    }
    const { problem } = outcome;
    const verdict = judgeAnswer(attempted, problem);
    switch (verdict.kind) {
      case 'repeat': {
        const waitMs = verdict.afterMs ?? this.#backOff.next();
        void update(item, { ...queuedFor(waitMs), problem, uncertain: attempted.uncertain || verdict.uncertain });
        this.#imposed = verdict.afterMs !== undefined;
        return waitMs;
      }
      case 'new-id':
        clock.adopt(verdict.serverTime);
        void update(item, { state: 'queued', problem, clientMessageId: newClientMessageId(verdict.serverTime) });
        return undefined;
      case 'give-up':
        void update(item, { state: 'failed', problem });
        item.settle(outcome);
        return undefined;
    }
  }

  #unanswered(item: OutboxItem, attempted: PendingMessage, error: unknown): number | undefined {
    const isLoggedOut = error instanceof SessionEndedError;
    if (!isLoggedOut && !(error instanceof NetworkError)) return this.#giveUp(item, error);
    const waitMs = isLoggedOut ? Infinity : this.#backOff.next();
    // Only an ended session guarantees that the server received nothing.
    void this.#options.update(item, { ...queuedFor(waitMs), uncertain: attempted.uncertain || !isLoggedOut });
    return waitMs;
  }

  /** A client bug must not block later messages. */
  #giveUp(item: OutboxItem, error: unknown): undefined {
    const problem = problemOfError(error);
    try {
      // The server may have received the message, so its id must stay.
      void this.#options.update(item, { state: 'failed', problem, uncertain: true });
      this.#options.onError?.(error instanceof Error ? error : new Error(problem.detail));
    } finally {
      item.settle({ ok: false, problem });
    }
  }

  #wait(waitMs: number): Promise<void> {
    if (!this.#options.maySend()) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = waitMs === Infinity ? undefined : setTimeout(() => this.#endWait?.(), waitMs);
      this.#endWait = () => {
        clearTimeout(timer);
        this.#endWait = undefined;
        resolve();
      };
    });
  }
}

function byOrder(a: OutboxItem, b: OutboxItem): number {
  return rankOf(a.pending) - rankOf(b.pending) || a.pending.order - b.pending.order;
}

function queuedFor(waitMs: number): Pick<PendingMessage, 'state' | 'retryAt'> {
  return { state: 'queued', ...(waitMs === Infinity ? {} : { retryAt: Date.now() + waitMs }) };
}
