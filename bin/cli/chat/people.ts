import type { ChatClient } from '../../../shared/client/chat-client.ts';
import { listUsers } from '../../../shared/contract/identity/list-users.ts';

const pageSize = 100;
/** Of a tenant with more people than these pages hold, some are shown by their ids. */
const mostPages = 20;

/** The names of people, by their ids. */
export class People {
  readonly #client: ChatClient;
  readonly #names = new Map<string, string>();
  #loading: Promise<void> | undefined;
  #isComplete = false;

  constructor(client: ChatClient) {
    this.#client = client;
    this.learn(client.user);
  }

  learn({
    id,
    firstName,
    lastName,
  }: {
    readonly id: string;
    readonly firstName: string;
    readonly lastName: string;
  }): void {
    // One line, whatever it holds: it stands before texts of its owner.
    this.#names.set(id, `${firstName} ${lastName}`.replaceAll(/\s+/g, ' '));
  }

  /** The name, or what is known of somebody who has left the tenant. */
  nameOf(userId: string): string {
    return this.#names.get(userId) ?? `somebody (${userId.slice(-6)})`;
  }

  /** Sees to it that the names of these people are known, as far as they can be. */
  async know(userIds: readonly string[]): Promise<void> {
    if (this.#isComplete || userIds.every((userId) => this.#names.has(userId))) return;
    this.#loading ??= this.#load(new Set(userIds)).finally(() => {
      this.#loading = undefined;
    });
    // A name is not worth a failure.
    await this.#loading.catch(() => undefined);
  }

  async #load(wanted: ReadonlySet<string>): Promise<void> {
    let cursor: string | null = null;
    for (let page = 0; page < mostPages; page += 1) {
      const query: { limit: number; cursor?: string } = { limit: pageSize, ...(cursor === null ? {} : { cursor }) };
      const answer = await this.#client.call(listUsers, { query });
      if (!answer.ok) return;
      for (const user of answer.body.items) this.learn(user);
      cursor = answer.body.nextCursor;
      if (cursor === null) this.#isComplete = true;
      if (cursor === null || [...wanted].every((userId) => this.#names.has(userId))) return;
    }
  }
}
