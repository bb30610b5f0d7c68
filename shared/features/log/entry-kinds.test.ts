import { describe, expect, it } from 'vitest';
import * as definitions from './entry-kinds.ts';
import { entryKinds, kindOfLetter, unknownKind } from './entry-kinds.ts';

describe('entryKinds', () => {
  it('lists every kind that the file defines', () => {
    const defined = Object.entries(definitions).filter(([name]) => name.endsWith('Kind') && name !== 'unknownKind');
    expect(new Set(defined.map(([, kind]) => kind))).toEqual(new Set(entryKinds));
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
