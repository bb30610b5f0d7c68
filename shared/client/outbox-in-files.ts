import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type FolderLock, lockFolder } from './outbox-folder-lock.ts';
import { type OutboxRecord, type OutboxStorage, recordOf } from './outbox-storage.ts';

const ending = '.json';
const unfinishedEnding = '.unfinished';

/** Folders that clients of this program are about to give up. */
const leaving = new Map<string, Promise<void>>();

/**
 * For Node: keeps each item in a file of its own, in a folder that belongs to one user and one running program. An item
 * is written beside its place, brought to the disk, and renamed: a crash or `kill -9` leaves it whole, as it was before,
 * or absent. https://man7.org/linux/man-pages/man2/rename.2.html
 */
export function fileOutbox(folder: string): OutboxStorage {
  const fileOf = (localId: string): string => join(folder, `${encodeURIComponent(localId)}${ending}`);
  let lock: FolderLock | undefined;
  const writing = new Set<string>();
  return {
    open: async () => {
      await leaving.get(folder);
      await mkdir(folder, { recursive: true });
      lock ??= await lockFolder(folder);
    },
    close: (last) => {
      const left = last
        .catch(() => undefined)
        .then(() => lock?.release())
        .then(() => {
          lock = undefined;
          if (leaving.get(folder) === left) leaving.delete(folder);
        });
      leaving.set(folder, left);
    },
    load: async () => {
      await mkdir(folder, { recursive: true });
      const names = await readdir(folder);
      const unfinished = names.filter((name) => name.endsWith(unfinishedEnding) && !writing.has(name));
      for (const name of unfinished) await rm(join(folder, name), { force: true });
      const items: OutboxRecord[] = [];
      for (const name of names.filter((each) => each.endsWith(ending))) {
        // One that cannot be read must not keep the others from being sent.
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

/** The new name too has to outlive a power failure. Some systems do not open folders; theirs are kept without. */
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
