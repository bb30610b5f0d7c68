import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SeededBug, withBug } from './seeded-bug.ts';

const root = join(import.meta.dirname, '../../..');
const left = new Set(['node_modules', 'cdk.out', 'coverage', '.git', '.switchboard']);
const temporary = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Shares the installed packages but not their caches. */
export interface SourceCopy {
  readonly directory: string;
  with<Result>(bug: SeededBug, work: () => Promise<Result>): Promise<Result>;
  remove(): Promise<void>;
}

export async function copySources(): Promise<SourceCopy> {
  const directory = await mkdtemp(join(temporary, 'switchboard-bugs-'));
  for (const name of await readdir(root)) {
    if (!left.has(name)) await cp(join(root, name), join(directory, name), { recursive: true });
  }
  await mkdir(join(directory, 'node_modules'));
  for (const name of await readdir(join(root, 'node_modules'))) {
    if (name === '.bin' || !name.startsWith('.')) {
      await symlink(join(root, 'node_modules', name), join(directory, 'node_modules', name));
    }
  }
  return {
    directory,
    with: async (bug, work) => {
      const path = join(directory, bug.file);
      const source = await readFile(path, 'utf8');
      await writeFile(path, withBug(bug, source));
      try {
        return await work();
      } finally {
        await writeFile(path, source);
      }
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
