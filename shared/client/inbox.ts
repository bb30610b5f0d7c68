import { getConversation } from '../contract/conversations/get-conversation.ts';
import { listConversations } from '../contract/conversations/list-conversations.ts';
import type { Conversation } from '../contract/schemas/conversation.ts';
import { answerOf } from './answer-of.ts';
import { errorOf } from './error-of.ts';
import type { CallRoute } from './http.ts';
import { type InboxEntry, isCertain } from './inbox-rules.ts';
import { RefusedError } from './refused-error.ts';

export interface InboxOptions {
  readonly ownUserId: string;
  readonly call: CallRoute;
  readonly entries: () => Readonly<Record<string, InboxEntry>>;
  readonly onConversations: (conversations: readonly Conversation[]) => void;
  readonly onGone: (conversationId: string) => void;
  readonly onError: (error: Error) => void;
}

const pageSize = 100;
/** Most missing events arrive within a moment. */
const graceMs = 1_000;

/** Fetches conversations whose state cannot be computed. */
export class Inbox {
  readonly #options: InboxOptions;
  #loading: Promise<void> | undefined;
  #isWanted = false;
  #welcomeSince: string | undefined;
  #since: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  /** Undefined until the list is loaded. */
  get since(): string | undefined {
    return this.#since;
  }

  async load(): Promise<void> {
    this.#isWanted = true;
    const before = this.#welcomeSince;
    this.#loading ??= this.#pages(() => true).finally(() => {
      this.#loading = undefined;
    });
    await this.#loading;
    // The token is older than the list, so no change is lost.
    this.#since ??= before;
  }

  /** Without an older token, the list must be read again. */
  welcomed(since: string): void {
    this.#welcomeSince = since;
    if (!this.#isWanted) return;
    const refresh = (): Promise<void> =>
      // The list is sorted by activity: a page without changes ends the search.
      this.#since === undefined ? this.load() : this.#pages((items) => items.some((each) => this.#isChanged(each)));
    (this.#loading ?? Promise.resolve())
      .catch(() => undefined)
      .then(refresh)
      .catch(this.#options.onError);
  }

  synchronised(since: string): void {
    if (this.#since !== undefined) this.#since = since;
  }

  check(): void {
    if (this.#closed || this.#timer !== undefined || this.#uncertain().length === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#fetchUncertain();
    }, graceMs);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #uncertain(): readonly string[] {
    return Object.entries(this.#options.entries()).flatMap(([conversationId, entry]) =>
      isCertain(entry, this.#options.ownUserId) ? [] : [conversationId],
    );
  }

  async #fetchUncertain(): Promise<void> {
    for (const conversationId of this.#uncertain()) {
      try {
        const before = this.#options.entries();
        const conversation = await answerOf(this.#options.call, getConversation, { params: { conversationId } });
        this.#report([conversation], before);
      } catch (error) {
        if (error instanceof RefusedError && error.problem.status === 404) this.#options.onGone(conversationId);
        // The next event or connection tries again.
        else return this.#options.onError(errorOf(error));
      }
    }
  }

  /** Skips conversations whose counts changed during the request: the answer may be older. */
  #report(fetched: readonly Conversation[], before: Readonly<Record<string, InboxEntry>>): void {
    const now = this.#options.entries();
    const current = fetched.filter(({ id }) => now[id]?.unresolvedCounts === before[id]?.unresolvedCounts);
    this.#options.onConversations(current);
    if (current.length < fetched.length) this.check();
  }

  #isChanged({ id, lastSeq, unreadCount }: Conversation): boolean {
    const entry = this.#options.entries()[id];
    return entry === undefined || lastSeq > entry.lastSeq || unreadCount !== entry.base.unreadCount;
  }

  async #pages(needsMore: (items: readonly Conversation[]) => boolean): Promise<void> {
    let cursor: string | null = null;
    do {
      const before = this.#options.entries();
      const query: { limit: number; cursor?: string } = { limit: pageSize, ...(cursor === null ? {} : { cursor }) };
      const page: { readonly items: readonly Conversation[]; readonly nextCursor: string | null } = await answerOf(
        this.#options.call,
        listConversations,
        { query },
      );
      cursor = needsMore(page.items) ? page.nextCursor : null;
      this.#report(page.items, before);
    } while (cursor !== null);
  }
}
