import { listConversations } from '../contract/conversations/list-conversations.ts';
import type { QueueQuery } from '../contract/conversations/queue-query.ts';
import type { Conversation } from '../contract/schemas/conversation.ts';
import type { Accepted } from './answer-of.ts';
import type { ChatClient } from './chat-client.ts';
import { shownInQueue } from './queue-view-rules.ts';

const pageSize = 50;

/** A live list of the desk. */
export class QueueView {
  readonly query: QueueQuery;
  readonly #client: ChatClient;
  readonly #onChange: (view: QueueView) => void;
  #listed = new Set<string>();
  #cursor: string | null = null;
  #pages = 0;
  #items: readonly Conversation[] = [];
  #loading: Promise<void> = Promise.resolve();

  constructor(client: ChatClient, query: QueueQuery, onChange: (view: QueueView) => void) {
    this.#client = client;
    this.query = query;
    this.#onChange = onChange;
  }

  get items(): readonly Conversation[] {
    return this.#items;
  }

  get hasMore(): boolean {
    return this.#cursor !== null;
  }

  /** Fetches as many pages as were loaded. @throws RefusedError, NetworkError. */
  refresh(): Promise<void> {
    return this.#next(async () => {
      const listed = new Set<string>();
      let cursor: string | null = null;
      for (let page = 0; page < Math.max(1, this.#pages); page += 1) {
        cursor = await this.#page(cursor, listed);
        if (cursor === null) break;
      }
      this.#pages = Math.max(1, this.#pages);
      this.#replace(listed, cursor);
    });
  }

  /** @throws RefusedError, NetworkError. */
  loadMore(): Promise<void> {
    return this.#next(async () => {
      if (this.#cursor === null) return;
      const listed = new Set(this.#listed);
      const cursor = await this.#page(this.#cursor, listed);
      this.#pages += 1;
      this.#replace(listed, cursor);
    });
  }

  /** Call it after a change of the client’s state. */
  update(): void {
    const state = { listed: this.#listed, isComplete: this.#pages > 0 && this.#cursor === null };
    const items = shownInQueue(this.#client.knownConversations(), this.query, this.#client.user.id, state);
    if (JSON.stringify(items) === JSON.stringify(this.#items)) return;
    this.#items = items;
    this.#onChange(this);
  }

  /** One at a time: a refresh must not lose the page of a simultaneous `loadMore`. */
  #next(load: () => Promise<void>): Promise<void> {
    const loading = this.#loading.then(load);
    this.#loading = loading.catch(() => undefined);
    return loading;
  }

  async #page(cursor: string | null, listed: Set<string>): Promise<string | null> {
    const query = { kind: 'support' as const, ...this.query, limit: pageSize, ...(cursor === null ? {} : { cursor }) };
    const page: Accepted<typeof listConversations> = await this.#client.request(listConversations, { query });
    this.#client.follow(page.items);
    for (const { id } of page.items) listed.add(id);
    return page.nextCursor;
  }

  #replace(listed: Set<string>, cursor: string | null): void {
    this.#listed = listed;
    this.#cursor = cursor;
    this.update();
  }
}
