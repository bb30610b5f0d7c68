import type { PendingMessage } from './pending-message.ts';

export interface PendingReceipt {
  readonly localId: string;
  readonly conversationId: string;
  readonly receipt: { readonly deliveredSeq: number; readonly readSeq: number };
}

/** A client ignores other users' items. */
export type OutboxRecord = (PendingMessage | PendingReceipt) & { readonly userId?: string };

/** Once `put` resolves, the item must survive a crash. After a crash, an item is complete or absent. */
export interface OutboxStorage {
  /** Locks the storage. Rejects if another client has it. */
  open?(): Promise<void>;
  close?(lastWrite: Promise<unknown>): void;
  load(): Promise<readonly OutboxRecord[]>;
  put(item: OutboxRecord): Promise<void>;
  remove(localId: string): Promise<void>;
  /** Several tabs of a browser share the storage under this name. */
  readonly sharedAs?: string;
}

export function memoryOutbox(): OutboxStorage {
  const items = new Map<string, OutboxRecord>();
  return {
    load: async () => [...items.values()],
    put: async (item) => void items.set(item.localId, item),
    remove: async (localId) => void items.delete(localId),
  };
}

export interface KeyValueStorage {
  getAllKeys(): Promise<readonly string[]>;
  getItem(key: string): Promise<string | null>;
  setItem(key: string, value: string): Promise<unknown>;
  removeItem(key: string): Promise<unknown>;
}

/** @param prefix of the keys. Each user of a device needs a separate one. */
export function keyValueOutbox(storage: KeyValueStorage, prefix: string): OutboxStorage {
  const keyOf = (localId: string): string => `${prefix}${localId}`;
  return {
    load: async () => {
      const keys = (await storage.getAllKeys()).filter((key) => key.startsWith(prefix));
      const texts: (string | null)[] = [];
      for (const key of keys) texts.push(await storage.getItem(key));
      return texts.flatMap((text) => recordOf(text) ?? []);
    },
    put: async (item) => void (await storage.setItem(keyOf(item.localId), JSON.stringify(item))),
    remove: async (localId) => void (await storage.removeItem(keyOf(localId))),
  };
}

/** Undefined for anything else, such as another version's item. */
export function recordOf(text: string | null | undefined): OutboxRecord | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isRecordOfOutbox(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

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
