import { MissingPartError } from './platform.ts';
import { isRecordOfOutbox, type OutboxStorage } from './outbox-storage.ts';

const store = 'items';

/**
 * Uses IndexedDB, which all tabs of an origin share. One tab sends.
 * https://developer.mozilla.org/en-US/docs/Web/API/IndexedDB_API
 *
 * @param name the database. Each user needs a separate one: `outbox-${userId}`.
 */
export function browserOutbox(name: string): OutboxStorage {
  let opened: Promise<IDBDatabase> | undefined;
  const onLost = (): void => {
    opened = undefined;
  };
  const database = (): Promise<IDBDatabase> => {
    opened ??= openDatabase(name, onLost).catch((error: unknown) => {
      onLost();
      throw error;
    });
    return opened;
  };
  const inTransaction = async <Result>(
    mode: IDBTransactionMode,
    action: (items: IDBObjectStore) => IDBRequest<Result>,
  ): Promise<Result> => {
    const transaction = (await database()).transaction(store, mode, { durability: 'strict' });
    const request = action(transaction.objectStore(store));
    await new Promise<void>((resolve, reject) => {
      const fail = (): void => reject(transaction.error ?? request.error ?? new Error('The transaction was aborted'));
      transaction.addEventListener('complete', () => resolve());
      transaction.addEventListener('abort', fail);
      transaction.addEventListener('error', fail);
    });
    return request.result;
  };
  return {
    sharedAs: `switchboard:${name}`,
    open: async () => {
      if (typeof indexedDB === 'undefined') {
        throw new MissingPartError('indexedDB', 'use keyValueOutbox with a storage that this platform has');
      }
    },
    load: async () => (await inTransaction<unknown[]>('readonly', (items) => items.getAll())).filter(isRecordOfOutbox),
    put: async (item) => void (await inTransaction('readwrite', (items) => items.put(item))),
    remove: async (localId) => void (await inTransaction('readwrite', (items) => items.delete(localId))),
  };
}

/** @param onLost called on a lost connection. The next action reopens it. */
function openDatabase(name: string, onLost: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore(store, { keyPath: 'localId' }));
    request.addEventListener('success', () => {
      // The database was deleted, or a newer page upgrades it.
      request.result.addEventListener('versionchange', () => {
        request.result.close();
        onLost();
      });
      // The user deleted the site's data, or the disk failed.
      request.result.addEventListener('close', onLost);
      resolve(request.result);
    });
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB cannot be opened')));
  });
}
