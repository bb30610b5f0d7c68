import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type FolderLock, lockFolder } from './outbox-folder-lock.ts';
import { type OutboxRecord, type OutboxStorage, recordOf } from './outbox-storage.ts';

const ending = '.json';
const unfinishedEnding = '.unfinished';

const releasing = new Map<string, Promise<void>>();

/**
 * For Node. One user and one running program own the folder. Each file is written, synced and renamed, so a crash
 * leaves no partial item. https://man7.org/linux/man-pages/man2/rename.2.html
 */
export function fileOutbox(folder: string): OutboxStorage {
  const fileOf = (localId: string): string => join(folder, `${encodeURIComponent(localId)}${ending}`);
  let lock: FolderLock | undefined;
  const writing = new Set<string>();
  return {
    open: async () => {
      await releasing.get(folder);
      await mkdir(folder, { recursive: true });
      lock ??= await lockFolder(folder);
    },
    close: (lastWrite) => {
      const released = lastWrite
        .catch(() => undefined)
        .then(() => lock?.release())
        .then(() => {
          lock = undefined;
          if (releasing.get(folder) === released) releasing.delete(folder);
        });
      releasing.set(folder, released);
    },
    load: async () => {
      await mkdir(folder, { recursive: true });
      const names = await readdir(folder);
      const unfinished = names.filter((name) => name.endsWith(unfinishedEnding) && !writing.has(name));
      for (const name of unfinished) await rm(join(folder, name), { force: true });
      const items: OutboxRecord[] = [];
      for (const name of names.filter((each) => each.endsWith(ending))) {
        // An unreadable item must not block the others.
        const text = await readFile(join(folder, name), 'utf8').catch(() => undefined);
        const item = recordOf(text);
        if (item !== undefined) items.push(item);
      }
      return items;
    },
    put: async (item) => {
      await mkdir(folder, { recursive: true });
      const name = `${randomUUID()}${unfinishedEnding}`;
      const unfinished = join(folder, name);
      writing.add(name);
      try {
        const file = await open(unfinished, 'wx', 0o600);
        try {
          await file.writeFile(JSON.stringify(item));
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(unfinished, fileOf(item.localId));
      } catch (error) {
        await rm(unfinished, { force: true }).catch(() => undefined);
        throw error;
      } finally {
        writing.delete(name);
      }
      await syncFolder(folder);
    },
    remove: (localId) => rm(fileOf(localId), { force: true }),
  };
}

/** Makes the name survive a power failure. Some systems cannot open folders. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const directory = await open(folder, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  } catch {
    return;
  }
}
