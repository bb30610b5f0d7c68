import { listMessages } from '../contract/messages/list-messages.ts';
import type { Message } from '../contract/schemas/message.ts';
import { type BackOff, createBackOff } from './back-off.ts';
import type { CallRoute } from './http.ts';
import type { PendingMessage } from './outbox.ts';
import { RefusedError, SessionEndedError } from './refused-error.ts';
import {
  addEntries,
  addPage,
  beginningOf,
  emptyTimeline,
  messagesOf,
  missingIn,
  positionOf,
  setPending,
  type Timeline,
  type TimelineEntry,
} from './timeline.ts';

export interface ConversationViewOptions {
  readonly conversationId: string;
  readonly ownUserId: string;
  readonly call: CallRoute;
  readonly onChange: (timeline: Timeline) => void;
  /** Hears of each message that is new since the view was opened: once, in order, without holes. */
  readonly onMessage: (message: Message) => void;
  /** Hears why something could not be fetched. It is tried again. */
  readonly onTrouble: (error: Error) => void;
  readonly random?: () => number;
}

const pageSize = 100;
/** Pushes can overtake one another on their way: a hole is mostly filled by itself within a moment. */
const holeGraceMs = 200;

/** Keeps the timeline of one conversation whole: fetches what was missed, and tells of each message once. */
export class ConversationView {
  readonly #options: ConversationViewOptions;
  readonly #backOff: BackOff;
  #timeline: Timeline;
  #opening: Promise<Timeline> | undefined;
  /** The number up to which messages were told of; nothing until the view is open. */
  #toldThrough: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #fetching: Promise<void> | undefined;
  /** There may be news beyond the last entry that is known. */
  #stale = false;
  #closed = false;

  constructor(options: ConversationViewOptions) {
    this.#options = options;
    this.#backOff = createBackOff(options.random === undefined ? {} : { random: options.random });
    this.#timeline = emptyTimeline(options.conversationId, options.ownUserId);
  }

  get timeline(): Timeline {
    return this.#timeline;
  }

  /** Where to resume from; nothing until the view is open. */
  get position(): number | undefined {
    return this.#toldThrough === undefined ? undefined : positionOf(this.#timeline);
  }

  /** Loads the newest messages. Throws if that fails; then it can be tried again. */
  open(limit: number): Promise<Timeline> {
    this.#opening ??= this.#open(limit).catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  /** Adds entries that came live or in pages of the socket. */
  add(entries: readonly TimelineEntry[]): void {
    this.#set(addEntries(this.#timeline, entries));
  }

  setPending(pending: readonly PendingMessage[]): void {
    this.#set(setPending(this.#timeline, pending));
  }

  /** Fetches whatever was written after the last entry that is known. */
  catchUp(): void {
    if (this.#toldThrough === undefined) return;
    this.#stale = true;
    this.#fetchSoon(0);
  }

  /** Loads the page before the oldest entry that is known. False if there is none. */
  async loadOlder(limit: number): Promise<boolean> {
    const before = beginningOf(this.#timeline);
    if (before === undefined || before === 0) return false;
    const { items, nextCursor } = await this.#page({ before: before + 1, limit });
    const after = startOf(items, nextCursor);
    this.#set(addPage(this.#timeline, items.map(toEntry), { after, through: before }));
    return items.length > 0;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #open(limit: number): Promise<Timeline> {
    const { items, nextCursor } = await this.#page({ limit });
    const after = startOf(items, nextCursor);
    const through = items.at(-1)?.seq ?? after;
    this.#timeline = addPage(this.#timeline, items.map(toEntry), { after, through });
    this.#toldThrough = positionOf(this.#timeline);
    this.#options.onChange(this.#timeline);
    if (missingIn(this.#timeline) !== undefined) this.#fetchSoon(0);
    return this.#timeline;
  }

  #set(timeline: Timeline): void {
    if (timeline === this.#timeline) return;
    this.#timeline = timeline;
    this.#options.onChange(timeline);
    this.#tell();
    if (this.#toldThrough !== undefined && missingIn(timeline) !== undefined) this.#fetchSoon(holeGraceMs);
  }

  #tell(): void {
    const told = this.#toldThrough;
    const position = positionOf(this.#timeline);
    if (told === undefined || position === undefined || position <= told) return;
    this.#toldThrough = position;
    for (const message of messagesOf(this.#timeline)) if (message.seq > told) this.#options.onMessage(message);
  }

  #fetchSoon(delayMs: number): void {
    if (this.#closed || this.#fetching !== undefined) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fetch(), delayMs);
  }

  #fetch(): void {
    this.#fetching = this.#fetchMissing()
      .then(() => {
        this.#backOff.reset();
        return 0;
      })
      .catch((error: unknown) => {
        this.#options.onTrouble(error instanceof Error ? error : new Error(String(error)));
        return isFinal(error) ? undefined : this.#backOff.next();
      })
      .then((waitMs) => {
        this.#fetching = undefined;
        const isWanting = this.#stale || missingIn(this.#timeline) !== undefined;
        if (waitMs !== undefined && isWanting) this.#fetchSoon(waitMs);
      });
  }

  async #fetchMissing(): Promise<void> {
    while (!this.#closed) {
      const missing = missingIn(this.#timeline);
      const after = missing?.after ?? positionOf(this.#timeline);
      if (after === undefined || (missing === undefined && !this.#stale)) return;
      const { items, nextCursor } = await this.#page({ after, limit: pageSize });
      if (missing === undefined && nextCursor === null) this.#stale = false;
      // An entry that was seen is in the log. If there is none up to it any more, they have expired.
      const through = items.at(-1)?.seq ?? (missing === undefined ? after : missing.before - 1);
      this.#set(addPage(this.#timeline, items.map(toEntry), { after, through }));
    }
  }

  async #page(query: { after?: number; before?: number; limit: number }) {
    const { conversationId } = this.#options;
    const answer = await this.#options.call(listMessages, { params: { conversationId }, query });
    if (!answer.ok) throw new RefusedError(answer.problem);
    return answer.body;
  }
}

function toEntry(message: Message): TimelineEntry {
  return { seq: message.seq, message };
}

/** The number before a page that was read backwards. What lies before the log's oldest entry has expired. */
function startOf(items: readonly Message[], nextCursor: string | null): number {
  const oldest = items[0];
  return nextCursor === null || oldest === undefined ? 0 : oldest.seq - 1;
}

/** Asking again would not help. */
function isFinal(error: unknown): boolean {
  return error instanceof SessionEndedError || (error instanceof RefusedError && !error.problem.retryable);
}
