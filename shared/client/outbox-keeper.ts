import {
  isPendingMessage,
  isPendingReceipt,
  type OutboxRecord,
  type OutboxStorage,
  type PendingReceipt,
} from './outbox-storage.ts';
import { errorOf } from './error-of.ts';
import type { PendingMessage } from './pending-message.ts';

/** If the storage fails or does not answer, reports the error and continues without durability. */
export class OutboxKeeper {
  readonly #storage: OutboxStorage;
  readonly #onError: (error: Error) => void;
  readonly #userId: string;
  #last: Promise<void> = Promise.resolve();

  /** @param userId the owner of the items. */
  constructor(storage: OutboxStorage, onError: (error: Error) => void, userId = '') {
    this.#storage = storage;
    this.#userId = userId;
    this.#onError = onError;
  }

  async load(): Promise<readonly PendingMessage[]> {
    const messages = (await this.#load()).filter(isPendingMessage);
    return [...messages].sort((a, b) => a.order - b.order);
  }

  async loadReceipts(): Promise<readonly PendingReceipt[]> {
    return (await this.#load()).filter(isPendingReceipt);
  }

  keep(item: OutboxRecord): Promise<void> {
    return this.#next(() => this.#storage.put({ ...item, userId: this.#userId }));
  }

  forget(localId: string): Promise<void> {
    return this.#next(() => this.#storage.remove(localId));
  }

  written(): Promise<void> {
    return this.#last;
  }

  async #load(): Promise<readonly OutboxRecord[]> {
    let items: readonly OutboxRecord[] = [];
    await this.#next(async () => {
      const loaded = await this.#storage.load();
      items = loaded.filter(({ userId }) => (userId ?? this.#userId) === this.#userId);
    }).catch(() => undefined);
    return items;
  }

  #next(action: () => Promise<void>): Promise<void> {
    const done = this.#last.then(() => inTime(action()));
    this.#last = done.catch((error: unknown) => {
      this.#onError(errorOf(error));
    });
    return done;
  }
}

/** Some browsers never answer: https://bugs.webkit.org/show_bug.cgi?id=226547 */
const patienceMs = 10_000;

function inTime(work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (): void => reject(new Error('The outbox storage does not answer'));
    const timer = setTimeout(fail, patienceMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
