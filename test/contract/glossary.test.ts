import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

describe('the glossary', async () => {
  const text = await readFile(new URL('../../docs/glossary.md', import.meta.url), 'utf8');
  const sections = text.split(/^## /m).slice(1);
  const wordsOf = (section: string) => [...section.matchAll(/^\| \*\*([^*]+)\*\*/gm)].map(([, word]) => word ?? '');
  const words = sections.flatMap(wordsOf);

  it('gives each word one meaning', () => {
    expect(words.length).toBeGreaterThan(60);
    expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([]);
  });

  it.each(sections.map((section) => [section.split('\n')[0] ?? '', section] as const))(
    'sorts “%s”',
    (_name, section) => {
      expect(wordsOf(section)).toEqual(wordsOf(section).toSorted());
    },
  );

  it('explains every word in italics', () => {
    const referenced = [...text.matchAll(/(?<![\w*])_([a-z ’'-]+)_(?!\w)/g)].map(([, word]) => word ?? '');
    const base = (word: string) => [word, word.replace(/(?:’s|'s|s’|s'|s)$/, ''), word.replace(/ies$/, 'y')];
    expect(referenced.length).toBeGreaterThan(50);
    expect(referenced.filter((word) => word !== 'italics' && !base(word).some((form) => words.includes(form)))).toEqual(
      [],
    );
  });
});
