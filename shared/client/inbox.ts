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
  /** The user takes part no longer. */
  readonly onGone: (conversationId: string) => void;
  readonly onError: (error: Error) => void;
}

const pageSize = 100;
/** Most of what is missing comes by itself within a moment. */
const graceMs = 1_000;

/** Keeps the list of conversations whole: loads it, and asks for those whose state cannot be computed. */
export class Inbox {
  readonly #options: InboxOptions;
  #loading: Promise<void> | undefined;
  #isWanted = false;
  /** What the newest connection said first, and how far the list is known to be whole. */
  #welcomed: string | undefined;
  #since: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  /** How far comings and goings are known, for the next connection; nothing while the list is not loaded. */
  get since(): string | undefined {
    return this.#since;
  }

  /** Loads the list; from then on it is kept. */
  async load(): Promise<void> {
    this.#isWanted = true;
    const before = this.#welcomed;
    this.#loading ??= this.#pages(() => true).finally(() => {
      this.#loading = undefined;
    });
    await this.#loading;
    // What the list cannot know of came after what the connection said before it.
    this.#since ??= before;
  }

  /** A connection was made. Without a token of before, the list has to be read after it. */
  welcomed(since: string): void {
    this.#welcomed = since;
    if (!this.#isWanted) return;
    const again = (): Promise<void> =>
      // The list is in the order of activity: where nothing is new, nothing older is.
      this.#since === undefined ? this.load() : this.#pages((items) => items.some((each) => this.#isNews(each)));
    (this.#loading ?? Promise.resolve())
      .catch(() => undefined)
      .then(again)
      .catch(this.#options.onError);
  }

  /** Everything before this is known. */
  synchronised(since: string): void {
    if (this.#since !== undefined) this.#since = since;
  }

  /** Looks whether anything has to be asked for. */
  check(): void {
    if (this.#closed || this.#timer !== undefined || this.#uncertain().length === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#ask();
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

  async #ask(): Promise<void> {
    for (const conversationId of this.#uncertain()) {
      try {
        const before = this.#options.entries();
        const conversation = await answerOf(this.#options.call, getConversation, { params: { conversationId } });
        this.#take([conversation], before);
      } catch (error) {
        if (error instanceof RefusedError && error.problem.status === 404) this.#options.onGone(conversationId);
        // The next news, or the next connection, has it asked for again.
        else return this.#options.onError(errorOf(error));
      }
    }
  }

  /** What was counted meanwhile, an answer does not know of: it stays uncertain, and is asked for once more. */
  #take(answered: readonly Conversation[], before: Readonly<Record<string, InboxEntry>>): void {
    const now = this.#options.entries();
    const taken = answered.filter(({ id }) => now[id]?.counts === before[id]?.counts);
    this.#options.onConversations(taken);
    if (taken.length < answered.length) this.check();
  }

  #isNews({ id, lastSeq, unreadCount }: Conversation): boolean {
    const known = this.#options.entries()[id];
    return known === undefined || lastSeq > known.lastSeq || unreadCount !== known.told.unreadCount;
  }

  /** Reads the list as long as there is more and `goOn` says so. */
  async #pages(goOn: (items: readonly Conversation[]) => boolean): Promise<void> {
    let cursor: string | null = null;
    do {
      const before = this.#options.entries();
      const query: { limit: number; cursor?: string } = { limit: pageSize, ...(cursor === null ? {} : { cursor }) };
      const page: { readonly items: readonly Conversation[]; readonly nextCursor: string | null } = await answerOf(
        this.#options.call,
        listConversations,
        { query },
      );
      cursor = goOn(page.items) ? page.nextCursor : null;
      this.#take(page.items, before);
    } while (cursor !== null);
  }
}
