import type { ChatClient } from '../../../shared/client/chat-client.ts';
import type { Guest } from '../../../shared/contract/schemas/guest.ts';
import { systemUserId } from '../../../shared/contract/schemas/ids.ts';
import type { User } from '../../../shared/contract/schemas/user.ts';
import { listUsers } from '../../../shared/contract/identity/list-users.ts';

const pageSize = 100;
const mostPages = 20;

export class People {
  readonly #client: ChatClient<User | Guest>;
  readonly #names = new Map<string, string>();
  #loading: Promise<void> | undefined;
  #isComplete = false;
  readonly #isGuest: boolean;

  constructor(client: ChatClient<User | Guest>) {
    this.#client = client;
    const { user } = client;
    this.#names.set(systemUserId, 'The service');
    if ('firstName' in user) this.add(user);
    else this.setName(user.id, user.name ?? 'You');
    // Guests cannot list users.
    this.#isGuest = !('firstName' in user);
    this.#isComplete = this.#isGuest;
  }

  setName(userId: string, name: string): void {
    // A name must stay on one line.
    this.#names.set(userId, name.replaceAll(/\s+/g, ' '));
  }

  add({
    id,
    firstName,
    lastName,
  }: {
    readonly id: string;
    readonly firstName: string;
    readonly lastName: string;
  }): void {
    this.setName(id, `${firstName} ${lastName}`);
  }

  /** Returns the end of the id if the name is not loaded. */
  nameOf(userId: string, otherwise = 'unknown user'): string {
    return this.#names.get(userId) ?? (this.#isGuest ? 'Support' : `${otherwise} (${userId.slice(-6)})`);
  }

  /** Does not fail if a name cannot be loaded. */
  async load(userIds: readonly string[]): Promise<void> {
    if (this.#isComplete || userIds.every((userId) => this.#names.has(userId))) return;
    this.#loading ??= this.#loadPages(new Set(userIds)).finally(() => {
      this.#loading = undefined;
    });
    await this.#loading.catch(() => undefined);
  }

  async #loadPages(userIds: ReadonlySet<string>): Promise<void> {
    let cursor: string | null = null;
    for (let page = 0; page < mostPages; page += 1) {
      const query: { limit: number; cursor?: string } = { limit: pageSize, ...(cursor === null ? {} : { cursor }) };
      const answer = await this.#client.call(listUsers, { query });
      if (!answer.ok) return;
      for (const user of answer.body.items) this.add(user);
      cursor = answer.body.nextCursor;
      if (cursor === null) this.#isComplete = true;
      if (cursor === null || [...userIds].every((userId) => this.#names.has(userId))) return;
    }
  }
}
