import { describe, expect, it } from 'vitest';
import { MarkdownFile, repositoryPaths } from './markdown.ts';

const index = new MarkdownFile('docs/decisions/README.md');
const decisions = repositoryPaths('docs/decisions/*.md')
  .filter((path) => path !== index.path)
  .map((path) => new MarkdownFile(path));

describe('the decision log', () => {
  it('numbers its decisions from 1 without gaps', () => {
    const numbers = decisions.map(({ path }) => Number(/\/(\d{4})-[a-z0-9-]+\.md$/.exec(path)?.[1]));
    expect(numbers.length).toBeGreaterThan(10);
    expect(numbers).toEqual(numbers.map((_, position) => position + 1));
  });

  it.each(decisions.map((decision) => [decision.path, decision] as const))(
    '%s has the sections context, decision, consequences and measured',
    (path, decision) => {
      expect(decision.text).toMatch(
        new RegExp(`^# ${/\d{4}/.exec(path)?.[0]} .+\n\nDecided \\d{4}-\\d{2}-\\d{2}\\.\n`),
      );
      const headings = [...decision.prose.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
      expect(headings.filter((heading) => heading !== 'Not shown here')).toEqual([
        'Context',
        'Decision',
        'Consequences',
        'Measured',
      ]);
    },
  );

  it('lists its decisions with their titles', () => {
    const listed = [...index.text.matchAll(/^- \[(\d{4})\]\(([^)]+)\): (.+)$/gm)].map(
      ([, number, file, title]) => `${file}: ${number} ${title}`,
    );
    const titles = decisions.map(({ path, text }) => `${path.split('/').at(-1)}: ${text.slice(2, text.indexOf('\n'))}`);
    expect(listed).toEqual(titles);
  });
});
