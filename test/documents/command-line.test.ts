import { describe, expect, it } from 'vitest';
import { helpOf } from '../e2e/cli/help-of.ts';
import { MarkdownFile, repositoryPaths } from './markdown.ts';

const mentions = repositoryPaths('*.md').flatMap((path) => {
  const { text } = new MarkdownFile(path);
  return [...text.matchAll(/npx switchboard ([^`\n#]+)/g)].map(([, rest = '']) => ({
    path,
    words: rest.trim().split(/\s+/),
  }));
});
const commands = [...new Set(mentions.map(({ words: [command = ''] }) => command))].filter(
  (command) => /^[a-z-]+$/.test(command) && !command.startsWith('-'),
);

describe('the command line in the documents', () => {
  it('is mentioned', () => {
    expect(commands).toEqual(expect.arrayContaining(['chat', 'create-tenant', 'create-admin', 'doctor']));
  });

  it.each(commands)('has the command %s with the mentioned options', async (command) => {
    const { exitCode, output: help } = await helpOf(command);
    expect(exitCode).toBe(0);
    expect(help).toContain(`Usage: switchboard ${command} `);
    const options = mentions
      .filter(({ words }) => words[0] === command)
      .flatMap(({ path, words }) => words.filter((word) => word.startsWith('--')).map((option) => ({ path, option })));
    const [, listed = ''] = help.split('Commands:');
    const parts = [...listed.matchAll(/^ {2}([a-z]+) /gm)]
      .map(([, name = '']) => name)
      .filter((name) => name !== 'help');
    const helps = [help];
    for (const part of parts) helps.push((await helpOf(command, part)).output);
    const existing = new Set(
      helps.flatMap((text) => [...text.matchAll(/^ +(?:-\w, )?(--[a-z-]+)/gm)].map(([, option]) => option)),
    );
    expect(options.filter(({ option }) => !existing.has(option))).toEqual([]);
  });
});
