import { ulid } from 'ulid';
import { expect } from 'vitest';
import type { TestRun } from '../harness.ts';
import { call, type SignedIn } from '../raw-client.ts';

export interface SearchAnswer {
  readonly items: readonly {
    readonly conversationId: string;
    readonly seq: number;
    readonly text?: string;
    readonly createdAt: string;
    readonly senderId: string;
    readonly type: string;
    readonly updatedSeq: number;
  }[];
  readonly nextCursor: string | null;
  readonly searchedThrough?: string;
}

export class Searcher {
  readonly #test: TestRun;

  constructor(test: TestRun) {
    this.#test = test;
  }

  async ask(who: SignedIn, method: string, path: string, body?: unknown) {
    const answer = await call(this.#test.url, method, `/api/v1${path}`, {
      token: who.token,
      ...(body === undefined ? {} : { body }),
    });
    expect(answer.status, `${method} ${path}: ${answer.text}`).toBeLessThan(300);
    return answer.body;
  }

  async write(who: SignedIn, conversationId: string, text: string, more: object = {}): Promise<number> {
    const newMessage = { type: 'text', text, clientMessageId: ulid(), ...more };
    return (await this.ask(who, 'POST', `/conversations/${conversationId}/messages`, newMessage)).seq as number;
  }

  async search(who: SignedIn, query: Readonly<Record<string, string>>): Promise<SearchAnswer> {
    return this.ask(who, 'GET', `/search/messages?${new URLSearchParams(query).toString()}`) as Promise<SearchAnswer>;
  }

  async searchAll(who: SignedIn, query: Readonly<Record<string, string>>): Promise<SearchAnswer['items']> {
    const items: SearchAnswer['items'][number][] = [];
    let cursor: string | null = null;
    do {
      const page: SearchAnswer = await this.search(who, { ...query, ...(cursor === null ? {} : { cursor }) });
      items.push(...page.items);
      expect(page.searchedThrough === undefined).toBe(page.nextCursor === null);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return items;
  }

  /** Waits until everything is indexed. Returns seqs. */
  async find(who: SignedIn, q: string, more: Readonly<Record<string, string>> = {}): Promise<number[]> {
    await this.#test.run.settled();
    return (await this.searchAll(who, { q, ...more })).map(({ seq }) => seq);
  }
}
