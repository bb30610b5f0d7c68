import type { OutboxStorage } from './outbox-storage.ts';
import type { PendingMessage } from './pending-message.ts';

/**
 * Writes what is pending to a storage, one thing after the other. A storage that fails costs durability, not the
 * sending: its errors are told, and nothing waits for it.
 */
export class OutboxKeeper {
  readonly #storage: OutboxStorage;
  readonly #onTrouble: (error: Error) => void;
  #last: Promise<void> = Promise.resolve();

  constructor(storage: OutboxStorage, onTrouble: (error: Error) => void) {
    this.#storage = storage;
    this.#onTrouble = onTrouble;
  }

  /** What was pending at the end of last time, in the order of writing. */
  async load(): Promise<readonly PendingMessage[]> {
    let items: readonly PendingMessage[] = [];
    await this.#next(async () => {
      items = await this.#storage.load();
    });
    return items.toSorted((one, other) => one.order - other.order);
  }

  /** Resolves once the item is in the storage, or could not be brought there. */
  keep(item: PendingMessage): Promise<void> {
    return this.#next(() => this.#storage.put(item));
  }

  forget(localId: string): Promise<void> {
    return this.#next(() => this.#storage.remove(localId));
  }

  #next(action: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(action).catch((error: unknown) => {
      this.#onTrouble(error instanceof Error ? error : new Error(String(error)));
    });
    return this.#last;
  }
}
