import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MarkdownFile, repositoryPaths, root, tableRows } from './markdown.ts';

const folders = [
  ...new Set(
    repositoryPaths('test/*.ts')
      .filter((path) => path.endsWith('.test.ts'))
      .map((path) => path.split('/').slice(0, 2).join('/')),
  ),
];

describe('docs/testing.md', () => {
  it.each(folders)('explains %s once', (folder) => {
    const explained = tableRows(new MarkdownFile('docs/testing.md').text).map(([cell = '']) => cell);
    expect(explained.filter((cell) => [`[${folder}](../${folder})`, `\`${folder}\``].includes(cell))).toHaveLength(1);
  });
});

describe('vitest.config.ts', () => {
  it('includes every folder of tests', () => {
    const configuration = readFileSync(join(root, 'vitest.config.ts'), 'utf8');
    const named = [...configuration.matchAll(/test\/\{([^}]+)\}/g)].flatMap(([, names = '']) => names.split(','));
    expect(folders.filter((folder) => !named.includes(folder.slice('test/'.length)))).toEqual([]);
  });
});
