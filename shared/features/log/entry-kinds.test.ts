import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { entryKinds, kindOfLetter, unknownKind } from './entry-kinds.ts';
import type { EntryKind } from './log-entry.ts';

const folder = join(import.meta.dirname, 'kinds');

describe('entryKinds', () => {
  it('lists every kind that the folder defines', async () => {
    const files = await readdir(folder);
    const modules = await Promise.all(files.map((file) => import(join(folder, file)) as Promise<object>));
    const defined = modules.flatMap((module) => Object.entries(module).filter(([name]) => name.endsWith('Kind')));
    expect(new Set(defined.map(([, kind]: [string, EntryKind]) => kind))).toEqual(new Set(entryKinds));
    expect(defined).toHaveLength(files.length);
  });

  it('gives every kind a unique name and letter', () => {
    const all = [...entryKinds, unknownKind];
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    expect(new Set(all.map(({ letter }) => letter)).size).toBe(all.length);
    expect(all.every(({ letter }) => letter.length === 1)).toBe(true);
  });

  it.each(entryKinds)('finds $name by its letter', (kind) => {
    expect(kindOfLetter(kind.letter)).toBe(kind);
  });

  it('treats an entry of newer code as unknown', () => {
    expect(kindOfLetter('€')).toBe(unknownKind);
  });
});
