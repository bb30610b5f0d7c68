import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { itemOf, type OutboxStorage } from './outbox-storage.ts';

const ending = '.json';

/**
 * For Node: keeps each item in a file of its own, in a folder that belongs to one user and one running program. An item
 * is written beside its place, brought to the disk, and renamed: a crash or `kill -9` leaves it whole, as it was before,
 * or absent. https://man7.org/linux/man-pages/man2/rename.2.html
 */
export function fileOutbox(folder: string): OutboxStorage {
  const fileOf = (localId: string): string => join(folder, `${encodeURIComponent(localId)}${ending}`);
  return {
    load: async () => {
      await mkdir(folder, { recursive: true });
      const names = await readdir(folder);
      const unfinished = names.filter((name) => !name.endsWith(ending));
      for (const name of unfinished) await rm(join(folder, name), { force: true });
      const items = [];
      for (const name of names.filter((each) => each.endsWith(ending))) {
        const item = itemOf(await readFile(join(folder, name), 'utf8'));
        if (item !== undefined) items.push(item);
      }
      return items;
    },
    put: async (item) => {
      await mkdir(folder, { recursive: true });
      const unfinished = join(folder, `${randomUUID()}.unfinished`);
      const file = await open(unfinished, 'wx', 0o600);
      try {
        await file.writeFile(JSON.stringify(item));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(unfinished, fileOf(item.localId));
    },
    remove: (localId) => rm(fileOf(localId), { force: true }),
  };
}
