import { listMessages } from '../contract/messages/list-messages.ts';
import type { Message } from '../contract/schemas/message.ts';
import { type BackOff, createBackOff } from './back-off.ts';
import { errorOf } from './error-of.ts';
import type { CallRoute, RouteAnswer } from './http.ts';
import type { MessageVersions } from './message-versions.ts';
import type { PendingMessage } from './pending-message.ts';
import { wipedTimeline } from './wiped-rules.ts';
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
  /** Each message after the first page: once, in order, without gaps. */
  readonly onMessage: (message: Message) => void;
  readonly onChangedMessage?: (message: Message) => void;
  readonly onError: (error: Error) => void;
  readonly random?: () => number;
}

const pageSize = 100;
/** Server events can overtake one another, so most gaps close by themselves. */
const gapGraceMs = 200;

/** Keeps a conversation's timeline complete, and announces each message once. */
export class ConversationView {
  readonly #options: ConversationViewOptions;
  readonly #backOff: BackOff;
  #timeline: Timeline;
  #opening: Promise<void> | undefined;
  #announcedThrough: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #fetching: Promise<void> | undefined;
  #stale = false;
  /** Messages after this seq must be fetched again: pages omit changes of earlier messages. */
  #refreshAfter: number | undefined;
  #refreshes = 0;
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

  /** Undefined until the view is open. */
  get position(): number | undefined {
    return this.#announcedThrough === undefined ? undefined : positionOf(this.#timeline);
  }

  /** If it throws, it can be called again. */
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

  restart(messages: readonly Message[], covers: Range): void {
    if (this.#announcedThrough === undefined) return;
    const { conversationId, ownUserId } = this.#options;
    // After a log lost entries, its next messages are new.
    this.#announcedThrough = Math.min(this.#announcedThrough, covers.through);
    this.#restarts += 1;
    this.#refreshAfter = undefined;
    const empty = { ...emptyTimeline(conversationId, ownUserId), pending: this.#timeline.pending };
    this.#set(addPage(empty, messages, covers));
    // The page may miss later entries.
    this.catchUp();
  }

  /** After the customer wiped the conversation. */
  wipe(): void {
    this.#set(wipedTimeline(this.#timeline));
  }

  setPending(pending: readonly PendingMessage[]): void {
    this.#set(setPending(this.#timeline, pending));
  }

  catchUp(): void {
    if (this.#announcedThrough === undefined) return;
    this.#stale = true;
    this.#fetchSoon(0);
  }

  /** False if there is no older page. */
  async loadOlder(limit: number): Promise<boolean> {
    const before = beginningOf(this.#timeline);
    if (before === undefined || before === 0) return false;
    const [restarts, refreshes] = [this.#restarts, this.#refreshes];
    const page = await this.#page({ before: before + 1, limit });
    if (restarts !== this.#restarts) return this.loadOlder(limit);
    const { items } = page;
    this.#set(addPage(this.#timeline, items, { after: Math.min(startOf(page), before), through: before }));
    // The page may be older than changes that were fetched meanwhile.
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

  /** Only an immediate fetch replaces a planned one, which may be a back-off. */
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
      // If the log ends before a known entry, that entry and earlier ones have expired.
      const isExpired = missing !== undefined && nextCursor === null;
      const through = isExpired ? Math.max(covers.through, missing.before - 1) : covers.through;
      // A seq without a message is a change of an earlier message.
      if (through - after > items.length) this.#requestRefresh();
      this.#set(addPage(this.#timeline, items, { after, through: Math.max(through, after) }));
    }
  }

  /** A `catchUp` during the request sets `#stale` again. */
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
      // The page may predate a change that requested another refresh.
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

function startOf({ nextCursor, covers }: Page): number {
  return nextCursor === null ? 0 : covers.after;
}

function versionsBySeq(timeline: Timeline): ReadonlyMap<number, MessageVersions> {
  return new Map(timeline.messages.map((versions) => [versions.seq, versions]));
}

/** Reactions can have the `updatedSeq` of an edit that has not arrived. */
function isChanged(earlier: MessageVersions | undefined, now: MessageVersions | undefined): boolean {
  if (earlier?.message === undefined || now === undefined) return false;
  return earlier.contentSeq !== now.contentSeq || earlier.reactionsSeq !== now.reactionsSeq;
}

function isFinal(error: unknown): boolean {
  return error instanceof SessionEndedError || (error instanceof RefusedError && !error.problem.retryable);
}
