import { listMessages } from '../contract/messages/list-messages.ts';
import type { Message } from '../contract/schemas/message.ts';
import { type BackOff, createBackOff } from './back-off.ts';
import { errorOf } from './error-of.ts';
import type { CallRoute, RouteAnswer } from './http.ts';
import type { MessageVersions } from './message-versions.ts';
import type { PendingMessage } from './pending-message.ts';
import { RefusedError, SessionEndedError } from './refused-error.ts';
import {
  addEntries,
  addPage,
  beginningOf,
  emptyTimeline,
  messagesOf,
  missingIn,
  positionOf,
  renewMessages,
  setPending,
  type Range,
  type Timeline,
  type TimelineEntry,
} from './timeline.ts';

type Page = Extract<RouteAnswer<typeof listMessages>, { ok: true }>['body'];

export interface ConversationViewOptions {
  readonly conversationId: string;
  readonly ownUserId: string;
  readonly call: CallRoute;
  readonly onChange: (timeline: Timeline) => void;
  /** Called for each message that is newer than the first page: once, in order, without gaps. */
  readonly onMessage: (message: Message) => void;
  /** Called for each announced or loaded message that was edited, deleted or reacted to. */
  readonly onChangedMessage?: (message: Message) => void;
  readonly onError: (error: Error) => void;
  readonly random?: () => number;
}

const pageSize = 100;
/** Server events can overtake one another, so most gaps close by themselves within a moment. */
const gapGraceMs = 200;

/** Keeps the timeline of one conversation complete: fetches missing entries and announces each message once. */
export class ConversationView {
  readonly #options: ConversationViewOptions;
  readonly #backOff: BackOff;
  #timeline: Timeline;
  #opening: Promise<void> | undefined;
  /** Messages up to this seq were announced. Undefined until the view is open. */
  #announcedThrough: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #fetching: Promise<void> | undefined;
  /** The log may have entries after the last known one. */
  #stale = false;
  /** Messages after this seq must be fetched again, because pages omit the changes of earlier messages. */
  #refreshAfter: number | undefined;
  #refreshes = 0;
  /** Both counters reveal a refresh or restart that was requested during a fetch. */
  #restarts = 0;
  #closed = false;

  constructor(options: ConversationViewOptions) {
    this.#options = options;
    this.#backOff = createBackOff(options.random === undefined ? {} : { random: options.random });
    this.#timeline = emptyTimeline(options.conversationId, options.ownUserId);
  }

  get timeline(): Timeline {
    return this.#timeline;
  }

  /** The position to resume from. Undefined until the view is open. */
  get position(): number | undefined {
    return this.#announcedThrough === undefined ? undefined : positionOf(this.#timeline);
  }

  /** Loads the newest messages. If it throws, it can be called again. */
  open(limit: number): Promise<Timeline> {
    this.#opening ??= this.#open(limit).catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening.then(() => this.#timeline);
  }

  add(entries: readonly TimelineEntry[]): void {
    this.#set(addEntries(this.#timeline, entries));
  }

  /** Replaces the timeline by the newest page, because the earlier messages may be outdated. */
  restart(messages: readonly Message[], covers: Range): void {
    if (this.#announcedThrough === undefined) return;
    const { conversationId, ownUserId } = this.#options;
    // A log that ends before the last announced message lost entries: the next ones are new.
    this.#announcedThrough = Math.min(this.#announcedThrough, covers.through);
    this.#restarts += 1;
    this.#refreshAfter = undefined;
    const empty = { ...emptyTimeline(conversationId, ownUserId), pending: this.#timeline.pending };
    this.#set(addPage(empty, messages, covers));
    // The page does not contain entries that were written after it was read.
    this.catchUp();
  }

  setPending(pending: readonly PendingMessage[]): void {
    this.#set(setPending(this.#timeline, pending));
  }

  catchUp(): void {
    if (this.#announcedThrough === undefined) return;
    this.#stale = true;
    this.#fetchSoon(0);
  }

  /** Loads the page before the oldest known entry. Returns false if there is none. */
  async loadOlder(limit: number): Promise<boolean> {
    const before = beginningOf(this.#timeline);
    if (before === undefined || before === 0) return false;
    const [restarts, refreshes] = [this.#restarts, this.#refreshes];
    const page = await this.#page({ before: before + 1, limit });
    if (restarts !== this.#restarts) return this.loadOlder(limit);
    const { items } = page;
    this.#set(addPage(this.#timeline, items, { after: Math.min(startOf(page), before), through: before }));
    // The page may be older than changes that were fetched in the meantime.
    if (refreshes !== this.#refreshes) {
      this.#requestRefresh();
      this.#fetchSoon(0);
    }
    return items.length > 0;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #open(limit: number): Promise<void> {
    const page = await this.#page({ limit });
    const after = startOf(page);
    const through = Math.max(after, page.covers.through);
    this.#timeline = addPage(this.#timeline, page.items, { after, through });
    this.#announcedThrough = positionOf(this.#timeline);
    this.#options.onChange(this.#timeline);
    if (missingIn(this.#timeline) !== undefined) this.#fetchSoon(0);
  }

  #set(timeline: Timeline): void {
    if (timeline === this.#timeline) return;
    const before = this.#timeline;
    this.#timeline = timeline;
    this.#options.onChange(timeline);
    this.#announce(before);
    if (this.#announcedThrough !== undefined && missingIn(timeline) !== undefined) this.#fetchSoon(gapGraceMs);
  }

  #announce(before: Timeline): void {
    const announced = this.#announcedThrough;
    const position = positionOf(this.#timeline);
    if (announced === undefined || position === undefined) return;
    this.#announcedThrough = Math.max(announced, position);
    const isSame = before.messages === this.#timeline.messages;
    const [earlier, now] = isSame ? [] : [versionsBySeq(before), versionsBySeq(this.#timeline)];
    for (const message of messagesOf(this.#timeline)) {
      if (message.seq > announced) this.#options.onMessage(message);
      else if (isChanged(earlier?.get(message.seq), now?.get(message.seq))) this.#options.onChangedMessage?.(message);
    }
  }

  /** A planned fetch keeps its time, which may be a back-off, unless the new fetch is immediate. */
  #fetchSoon(delayMs: number): void {
    if (this.#closed || this.#fetching !== undefined || (this.#timer !== undefined && delayMs > 0)) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fetch(), delayMs);
  }

  #fetch(): void {
    this.#timer = undefined;
    this.#fetching = this.#fetchMissing()
      .then(() => {
        this.#backOff.reset();
        return 0;
      })
      .catch((error: unknown) => {
        this.#options.onError(errorOf(error));
        return isFinal(error) ? undefined : this.#backOff.next();
      })
      .then((waitMs) => {
        this.#fetching = undefined;
        const isIncomplete = this.#stale || this.#refreshAfter !== undefined || missingIn(this.#timeline) !== undefined;
        if (waitMs !== undefined && isIncomplete) this.#fetchSoon(waitMs);
      });
  }

  async #fetchMissing(): Promise<void> {
    while (!this.#closed) {
      const missing = missingIn(this.#timeline);
      const after = missing?.after ?? positionOf(this.#timeline);
      if (after === undefined || (missing === undefined && !this.#stale)) return this.#refresh();
      const restarts = this.#restarts;
      const page = await (missing === undefined ? this.#newest(after) : this.#page({ after, limit: pageSize }));
      if (restarts !== this.#restarts) continue;
      const { items, nextCursor, covers } = page;
      // A log that ends before a known entry means that the entry and those before it have expired.
      const isExpired = missing !== undefined && nextCursor === null;
      const through = isExpired ? Math.max(covers.through, missing.before - 1) : covers.through;
      // A seq without a message is a change of an earlier message, which the page does not contain.
      if (through - after > items.length) this.#requestRefresh();
      this.#set(addPage(this.#timeline, items, { after, through: Math.max(through, after) }));
    }
  }

  /** A `catchUp` during the request sets `#stale` again, because the page may be too old. */
  async #newest(after: number): Promise<Page> {
    this.#stale = false;
    let isEnd = false;
    try {
      const page = await this.#page({ after, limit: pageSize });
      isEnd = page.nextCursor === null;
      return page;
    } finally {
      if (!isEnd) this.#stale = true;
    }
  }

  #requestRefresh(): void {
    this.#refreshes += 1;
    this.#refreshAfter = beginningOf(this.#timeline);
  }

  async #refresh(): Promise<void> {
    while (!this.#closed && this.#refreshAfter !== undefined) {
      const after = this.#refreshAfter;
      const [restarts, refreshes] = [this.#restarts, this.#refreshes];
      const { items, nextCursor, covers } = await this.#page({ after, limit: pageSize });
      if (restarts !== this.#restarts) return;
      this.#set(renewMessages(this.#timeline, items));
      const isDone = nextCursor === null || covers.through >= (positionOf(this.#timeline) ?? 0);
      // This page may be older than a change that requested another refresh.
      if (refreshes === this.#refreshes) this.#refreshAfter = isDone ? undefined : covers.through;
    }
  }

  async #page(query: { after?: number; before?: number; limit: number }): Promise<Page> {
    const { conversationId } = this.#options;
    const answer = await this.#options.call(listMessages, { params: { conversationId }, query });
    if (!answer.ok) throw new RefusedError(answer.problem);
    return answer.body;
  }
}

/** The seq before a page that was read backwards. Entries before the oldest page have expired or are hidden. */
function startOf({ nextCursor, covers }: Page): number {
  return nextCursor === null ? 0 : covers.after;
}

function versionsBySeq(timeline: Timeline): ReadonlyMap<number, MessageVersions> {
  return new Map(timeline.messages.map((versions) => [versions.seq, versions]));
}

/** Compares versions instead of `updatedSeq`: reactions can carry the seq of an edit that has not arrived yet. */
function isChanged(earlier: MessageVersions | undefined, now: MessageVersions | undefined): boolean {
  if (earlier?.message === undefined || now === undefined) return false;
  return earlier.contentSeq !== now.contentSeq || earlier.reactionsSeq !== now.reactionsSeq;
}

function isFinal(error: unknown): boolean {
  return error instanceof SessionEndedError || (error instanceof RefusedError && !error.problem.retryable);
}
