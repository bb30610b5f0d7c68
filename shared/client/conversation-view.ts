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
  /** Hears of each message that is new since the view was opened: once, in order, without holes. */
  readonly onMessage: (message: Message) => void;
  /** Hears of each message that was told of, or loaded, and is another now: edited, deleted, reacted to. */
  readonly onChangedMessage?: (message: Message) => void;
  /** Hears why something could not be fetched. It is tried again. */
  readonly onError: (error: Error) => void;
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
  #opening: Promise<void> | undefined;
  /** The number up to which messages were told of; nothing until the view is open. */
  #toldThrough: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #fetching: Promise<void> | undefined;
  /** There may be news beyond the last entry that is known. */
  #stale = false;
  /** Changes were fetched that pages do not name: the messages after this number are fetched anew. */
  #refreshAfter: number | undefined;
  /** How often there were such changes. */
  #refreshes = 0;
  /** How often it was begun again. */
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
    return this.#opening.then(() => this.#timeline);
  }

  /** Adds entries that came live or in pages of the socket. */
  add(entries: readonly TimelineEntry[]): void {
    this.#set(addEntries(this.#timeline, entries));
  }

  /** Begins again with the newest page: what was known may not be so any more. */
  restart(messages: readonly Message[], covers: Range): void {
    if (this.#toldThrough === undefined) return;
    const { conversationId, ownUserId } = this.#options;
    // A log that ends before what was told of has lost it: what comes next is news again.
    this.#toldThrough = Math.min(this.#toldThrough, covers.through);
    this.#restarts += 1;
    this.#refreshAfter = undefined;
    const empty = { ...emptyTimeline(conversationId, ownUserId), pending: this.#timeline.pending };
    this.#set(addPage(empty, messages, covers));
    // Of what has come since the page was read, nothing is known any more.
    this.catchUp();
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
    const [restarts, refreshes] = [this.#restarts, this.#refreshes];
    const page = await this.#page({ before: before + 1, limit });
    if (restarts !== this.#restarts) return this.loadOlder(limit);
    const { items } = page;
    this.#set(addPage(this.#timeline, items, { after: Math.min(startOf(page), before), through: before }));
    // It may have been read before changes that were fetched meanwhile.
    if (refreshes !== this.#refreshes) {
      this.#wantRefresh();
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
    this.#toldThrough = positionOf(this.#timeline);
    this.#options.onChange(this.#timeline);
    if (missingIn(this.#timeline) !== undefined) this.#fetchSoon(0);
  }

  #set(timeline: Timeline): void {
    if (timeline === this.#timeline) return;
    const before = this.#timeline;
    this.#timeline = timeline;
    this.#options.onChange(timeline);
    this.#tell(before);
    if (this.#toldThrough !== undefined && missingIn(timeline) !== undefined) this.#fetchSoon(holeGraceMs);
  }

  #tell(before: Timeline): void {
    const told = this.#toldThrough;
    const position = positionOf(this.#timeline);
    if (told === undefined || position === undefined) return;
    this.#toldThrough = Math.max(told, position);
    const isSame = before.messages === this.#timeline.messages;
    const [earlier, now] = isSame ? [] : [versionsBySeq(before), versionsBySeq(this.#timeline)];
    for (const message of messagesOf(this.#timeline)) {
      if (message.seq > told) this.#options.onMessage(message);
      else if (isChanged(earlier?.get(message.seq), now?.get(message.seq))) this.#options.onChangedMessage?.(message);
    }
  }

  /** What is waited for already is not put off, and a failed attempt is not repeated sooner, unless it is for now. */
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
        const isWanting = this.#stale || this.#refreshAfter !== undefined || missingIn(this.#timeline) !== undefined;
        if (waitMs !== undefined && isWanting) this.#fetchSoon(waitMs);
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
      // An entry that was seen is in the log. If the log ends before it, it and those before it have expired.
      const isExpired = missing !== undefined && nextCursor === null;
      const through = isExpired ? Math.max(covers.through, missing.before - 1) : covers.through;
      if (through - after > items.length) this.#wantRefresh();
      this.#set(addPage(this.#timeline, items, { after, through: Math.max(through, after) }));
    }
  }

  /** A page at the end of what is known. Who asks for one while it is on its way may want to know of what came since. */
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

  /** A page tells of changes of earlier messages only by the numbers that it leaves out: those are looked at again. */
  #wantRefresh(): void {
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
      // What another look was wanted for meanwhile, this page may not know of.
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

/** The number before a page that was read backwards. What lies before the oldest entry has expired, or is hidden. */
function startOf({ nextCursor, covers }: Page): number {
  return nextCursor === null ? 0 : covers.after;
}

function versionsBySeq(timeline: Timeline): ReadonlyMap<number, MessageVersions> {
  return new Map(timeline.messages.map((versions) => [versions.seq, versions]));
}

/** Of a message that was known. Reactions can tell of the entry that edited it before the edit itself comes. */
function isChanged(earlier: MessageVersions | undefined, now: MessageVersions | undefined): boolean {
  if (earlier?.message === undefined || now === undefined) return false;
  return earlier.contentSeq !== now.contentSeq || earlier.reactionsSeq !== now.reactionsSeq;
}

/** Asking again would not help. */
function isFinal(error: unknown): boolean {
  return error instanceof SessionEndedError || (error instanceof RefusedError && !error.problem.retryable);
}
