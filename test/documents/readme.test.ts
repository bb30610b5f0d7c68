import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import packageDescription from '../../package.json' with { type: 'json' };
import { routes } from '../../shared/contract/registry.ts';
import { codeIn, MarkdownFile, repositoryPaths, root, sourceText, tableRows } from './markdown.ts';

const readme = new MarkdownFile('README.md');
const commands = readme.fences
  .filter((fence) => fence.language === 'sh')
  .flatMap((fence) => fence.text.split('\n'))
  .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
  .flatMap((line) => line.split('&&'))
  .map((command) => command.trim().split(/\s+/))
  .filter(([program = '']) => program !== '');
const scripts: Readonly<Record<string, string>> = packageDescription.scripts;

const npmScripts = commands
  .filter(([program]) => program === 'npm')
  .map(([, verb = '', name = '']) => (verb === 'run' ? name : verb));

describe('the README', () => {
  it('contains the main npm scripts', () => {
    expect(npmScripts).toEqual(expect.arrayContaining(['start', 'test', 'check', 'documents', 'bench']));
  });

  it('names only existing npm scripts', () => {
    expect(npmScripts.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it('names only npm scripts that every check runs, except npm start', () => {
    const check = sourceText('.ci/run');
    const isRun = (name: string): boolean =>
      new RegExp(`^ *npm (run )?${name}\\b`, 'm').test(check) ||
      Object.entries(scripts).some(
        ([caller, script]) => caller !== name && new RegExp(`npm (run )?${name}\\b`).test(script) && isRun(caller),
      );
    expect(npmScripts.filter((name) => name !== 'start' && !isRun(name))).toEqual([]);
  });

  it('runs only programs of the package or its dependencies with npx', () => {
    const programs = commands.filter(([program]) => program === 'npx').map(([, name = '']) => name);
    const exists = (name: string) =>
      name in packageDescription.bin || existsSync(join(root, 'node_modules/.bin', name));
    expect(programs.length).toBeGreaterThan(3);
    expect(programs.filter((name) => !exists(name))).toEqual([]);
  });

  it('runs only existing files with npx tsx', () => {
    const text = [...readme.text.matchAll(/`npx tsx ([\w/.-]+)`/g)].map(([, path = '']) => path);
    expect(text).toContain('bin/switchboard.ts');
    expect(text.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('describes every folder', () => {
    const folders = new Set(
      repositoryPaths()
        .filter((path) => path.includes('/') && !path.startsWith('.'))
        .map((path) => path.split('/')[0] ?? ''),
    );
    const named = tableRows(readme.section('## Work on it')).map(([cell = '']) => /\[([^\]]+)\]/.exec(cell)?.[1]);
    expect(named.toSorted()).toEqual([...folders].sort());
  });

  it('calls only existing routes', () => {
    const called = [...readme.text.matchAll(/`(GET|POST|PUT|PATCH|DELETE) (\/[^`]+)`/g)].map(([, ...of]) =>
      of.join(' '),
    );
    expect(called.length).toBeGreaterThan(0);
    const existing = routes.map((route) => `${route.method} ${route.path}`);
    expect(called.filter((route) => !existing.includes(route))).toEqual([]);
  });

  it('begins with the first command', () => {
    expect(readme.fences[0]?.text).toContain('npm start');
  });
});

describe('troubleshooting', () => {
  const [starting = '', answers = '', , logs = ''] = readme
    .section('## When something goes wrong')
    .split(/^(?:In API answers|In the browser|In the logs)/m);
  const foreign = ['npm warn EBADENGINE'];
  const filledIn = /…|3000|openapi\.json|dynamodb:PutItem/;
  const sources = repositoryPaths('bin', 'lib', 'local', 'shared')
    .filter((path) => /\.(ts|mjs)$/.test(path) && !path.endsWith('.test.ts'))
    .map(sourceText)
    .map((text) => text.replaceAll(/[`'"] \+\s*[`'"]/g, ''))
    .join('\n');

  it.each(tableRows(starting + logs).map(([cell = '']) => codeIn(cell)))(
    'contains only messages of the code: “%s”',
    (message) => {
      if (foreign.includes(message)) return;
      const pieces = message.split(filledIn).map((piece) => piece.trim());
      expect(pieces.join('').length).toBeGreaterThan(10);
      expect(pieces.filter((piece) => !sources.includes(piece))).toEqual([]);
    },
  );

  it.each(tableRows(answers).map(([cell = '']) => codeIn(cell)))('contains only existing problem codes: %s', (code) => {
    expect(sources).toContain(`name: '${code.toLowerCase().replaceAll('_', '-')}'`);
  });
});
