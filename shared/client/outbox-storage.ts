import type { PendingMessage } from './pending-message.ts';

/** How far a conversation was read or received that the server may not have heard of yet. */
export interface PendingReceipt {
  readonly localId: string;
  readonly conversationId: string;
  readonly receipt: { readonly deliveredSeq: number; readonly readSeq: number };
}

/** A stored item and its user: a client ignores the items of other users. */
export type OutboxRecord = (PendingMessage | PendingReceipt) & { readonly userId?: string };

/**
 * Where an outbox keeps what is on its way, so that it survives the end of the program. What `put` has resolved for is
 * there after a crash; an item is whole or absent. Items are named by their `localId`.
 */
export interface OutboxStorage {
  /** Takes it for one client, where that has to be said. Rejects if another one has it. */
  open?(): Promise<void>;
  /** Gives it up for others, once `last` has settled: what is still being written. */
  close?(last: Promise<unknown>): void;
  /** All items, in any order. One that cannot be read any more is left out. */
  load(): Promise<readonly OutboxRecord[]>;
  /** Adds an item, or replaces it. */
  put(item: OutboxRecord): Promise<void>;
  /** Removes an item, if it is there. */
  remove(localId: string): Promise<void>;
  /** Set where several tabs of a browser use the storage at once: the name that they share. */
  readonly sharedAs?: string;
}

/** Keeps items as long as the value lives: for tests, and for programs that hand it to their next client. */
export function memoryOutbox(): OutboxStorage {
  const items = new Map<string, OutboxRecord>();
  return {
    load: async () => [...items.values()],
    put: async (item) => void items.set(item.localId, item),
    remove: async (localId) => void items.delete(localId),
  };
}

/** Storage of names and texts, such as React Native's AsyncStorage, or `localStorage` behind promises. */
export interface KeyValueStorage {
  getAllKeys(): Promise<readonly string[]>;
  getItem(key: string): Promise<string | null>;
  setItem(key: string, value: string): Promise<unknown>;
  removeItem(key: string): Promise<unknown>;
}

/**
 * Keeps items in a storage of names and texts.
 *
 * @param prefix of the names; each user of a device needs an own one.
 */
export function keyValueOutbox(storage: KeyValueStorage, prefix: string): OutboxStorage {
  const nameOf = (localId: string): string => `${prefix}${localId}`;
  return {
    load: async () => {
      const names = (await storage.getAllKeys()).filter((name) => name.startsWith(prefix));
      const texts: (string | null)[] = [];
      for (const name of names) texts.push(await storage.getItem(name));
      return texts.flatMap((text) => recordOf(text) ?? []);
    },
    put: async (item) => void (await storage.setItem(nameOf(item.localId), JSON.stringify(item))),
    remove: async (localId) => void (await storage.removeItem(nameOf(localId))),
  };
}

/** An item from its text; nothing if it is none, for example of a version that kept other things. */
export function recordOf(text: string | null | undefined): OutboxRecord | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isRecordOfOutbox(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value is an item of an outbox. */
export function isRecordOfOutbox(value: unknown): value is OutboxRecord {
  return isPendingMessage(value) || isPendingReceipt(value);
}

export function isPendingMessage(value: unknown): value is PendingMessage {
  if (typeof value !== 'object' || value === null) return false;
  const { localId, clientMessageId, conversationId, task, state, order } = value as Partial<PendingMessage>;
  const texts = [localId, clientMessageId, conversationId, task?.kind, state];
  return texts.every((text) => typeof text === 'string') && typeof order === 'number';
}

export function isPendingReceipt(value: unknown): value is PendingReceipt {
  if (typeof value !== 'object' || value === null) return false;
  const { localId, conversationId, receipt } = value as Partial<PendingReceipt>;
  const texts = [localId, conversationId].every((text) => typeof text === 'string');
  return texts && [receipt?.deliveredSeq, receipt?.readSeq].every((seq) => Number.isSafeInteger(seq));
}
