import type { GuestCredential, GuestKeyStore } from './guest-keys.ts';
import { MissingPartError } from './platform.ts';

const store = 'credentials';
const id = 'guest';

/**
 * Keeps the credential in IndexedDB, which all tabs of an origin share. It holds keys that no script can read.
 * https://www.w3.org/TR/WebCryptoAPI/#concepts-key-storage
 *
 * @param name the name of the database. Each tenant needs a separate one: `guest-${tenant}`.
 */
export function browserGuestKeys(name: string): GuestKeyStore {
  const run = async <Result>(
    mode: IDBTransactionMode,
    action: (credentials: IDBObjectStore) => IDBRequest<Result>,
  ): Promise<Result> => {
    const database = await openDatabase(name);
    try {
      const transaction = database.transaction(store, mode, { durability: 'strict' });
      const request = action(transaction.objectStore(store));
      await new Promise<void>((resolve, reject) => {
        const fail = (): void => reject(transaction.error ?? request.error ?? new Error('The transaction was aborted'));
        transaction.addEventListener('complete', () => resolve());
        transaction.addEventListener('abort', fail);
      });
      return request.result;
    } finally {
      database.close();
    }
  };
  const load = async (): Promise<GuestCredential | undefined> =>
    (await run<unknown>('readonly', (credentials) => credentials.get(id))) as GuestCredential | undefined;
  return {
    keys: 'unreadable',
    load,
    keep: async (credential) => {
      try {
        // Aborts if another tab has kept one.
        await run('readwrite', (credentials) => credentials.add(credential, id));
        return credential;
      } catch (error) {
        const kept = await load();
        if (kept === undefined) throw error;
        return kept;
      }
    },
    replace: async (credential) => void (await run('readwrite', (credentials) => credentials.put(credential, id))),
  };
}

async function openDatabase(name: string): Promise<IDBDatabase> {
  if (typeof indexedDB === 'undefined') {
    throw new MissingPartError('indexedDB', 'use keyValueGuestKeys with a storage that this platform has');
  }
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore(store));
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB cannot be opened')));
  });
}
