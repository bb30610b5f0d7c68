import { existsSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MarkdownFile, repositoryPaths, root } from './markdown.ts';

const documents = repositoryPaths('*.md').map((path) => new MarkdownFile(path));

describe('a document of the repository', () => {
  it('belongs to the checked documents', () => {
    const paths = documents.map((document) => document.path);
    expect(paths).toEqual(expect.arrayContaining(['README.md', 'docs/architecture.md', 'docs/adding-a-feature.md']));
    expect(documents.flatMap((document) => document.links).length).toBeGreaterThan(150);
  });

  it.each(documents.map((document) => [document.path, document] as const))(
    '%s links to existing files and headings',
    (_path, document) => {
      const broken = document.links.filter(({ target }) => !/^https?:/.test(target) && !exists(document, target));
      expect(broken).toEqual([]);
    },
  );

  it.each(documents.map((document) => [document.path, document] as const))(
    '%s shows the names of linked files',
    (_path, document) => {
      const misnamed = document.links.filter(
        ({ text, target }) =>
          /\.(ts|mjs|json|md)$/.test(text) && posix.basename(text) !== posix.basename(target.split('#')[0] ?? ''),
      );
      expect(misnamed).toEqual([]);
    },
  );

  // GitHub copies `.github` files into forms with their own titles.
  const pages = documents.filter(({ path }) => !path.startsWith('.github/'));
  it.each(pages.map((document) => [document.path, document] as const))(
    '%s begins with its only title',
    (_path, document) => {
      expect(document.text.startsWith('# ')).toBe(true);
      expect(document.prose.match(/^# /gm)).toHaveLength(1);
    },
  );
});

function exists(document: MarkdownFile, target: string): boolean {
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? document.path : posix.join(posix.dirname(document.path), file);
  const absolute = join(root, path);
  if (!existsSync(absolute)) return false;
  if (anchor === undefined) return true;
  return statSync(absolute).isFile() && new MarkdownFile(path).anchors.has(anchor);
}
