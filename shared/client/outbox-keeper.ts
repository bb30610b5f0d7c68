import {
  isPendingMessage,
  isPendingReceipt,
  type OutboxRecord,
  type OutboxStorage,
  type PendingReceipt,
} from './outbox-storage.ts';
import type { PendingMessage } from './pending-message.ts';

/**
 * Reads and writes what is pending in a storage, one thing after the other. A storage that fails costs durability, not the
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
    const messages = (await this.#load()).filter(isPendingMessage);
    return messages.toSorted((one, other) => one.order - other.order);
  }

  /** Receipts that were not told at the end of last time. */
  async loadReceipts(): Promise<readonly PendingReceipt[]> {
    return (await this.#load()).filter(isPendingReceipt);
  }

  /** Resolves once the item is in the storage, or could not be brought there. */
  keep(item: OutboxRecord): Promise<void> {
    return this.#next(() => this.#storage.put(item));
  }

  forget(localId: string): Promise<void> {
    return this.#next(() => this.#storage.remove(localId));
  }

  /** Resolves once everything so far is written. */
  written(): Promise<void> {
    return this.#last;
  }

  async #load(): Promise<readonly OutboxRecord[]> {
    let items: readonly OutboxRecord[] = [];
    await this.#next(async () => {
      items = await this.#storage.load();
    });
    return items;
  }

  #next(action: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(action).catch((error: unknown) => {
      this.#onTrouble(error instanceof Error ? error : new Error(String(error)));
    });
    return this.#last;
  }
}
