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

/** `npm start` → `start`, `npm run bench` → `bench`. */
const npmScripts = commands
  .filter(([program]) => program === 'npm')
  .map(([, verb = '', name = '']) => (verb === 'run' ? name : verb));

describe('the commands of the README', () => {
  it('are found', () => {
    expect(npmScripts).toEqual(expect.arrayContaining(['start', 'test', 'check', 'documents', 'bench']));
  });

  it('of npm are scripts of the package', () => {
    expect(npmScripts.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it('of npm are run by every check, but for the one that runs until it is stopped', () => {
    const check = sourceText('.ci/run');
    const isRun = (name: string): boolean =>
      new RegExp(`^npm (run )?${name}\\b`, 'm').test(check) ||
      Object.entries(scripts).some(
        ([other, script]) => other !== name && new RegExp(`npm (run )?${name}\\b`).test(script) && isRun(other),
      );
    expect(npmScripts.filter((name) => name !== 'start' && !isRun(name))).toEqual([]);
  });

  it('of npx are programs of the package or of its dependencies', () => {
    const programs = commands.filter(([program]) => program === 'npx').map(([, name = '']) => name);
    const known = (name: string) => name in packageDescription.bin || existsSync(join(root, 'node_modules/.bin', name));
    expect(programs.length).toBeGreaterThan(3);
    expect(programs.filter((name) => !known(name))).toEqual([]);
  });

  it('name files that are there', () => {
    const text = [...readme.text.matchAll(/`npx tsx ([\w/.-]+)`/g)].map(([, path = '']) => path);
    expect(text).toContain('bin/switchboard.ts');
    expect(text.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

describe('the README', () => {
  it('says of every folder what it holds', () => {
    const folders = new Set(
      repositoryPaths()
        .filter((path) => path.includes('/') && !path.startsWith('.'))
        .map((path) => path.split('/')[0] ?? ''),
    );
    const named = tableRows(readme.section('## Work on it')).map(([cell = '']) => /\[([^\]]+)\]/.exec(cell)?.[1]);
    expect(named.toSorted()).toEqual([...folders].sort());
  });

  it('calls routes that there are', () => {
    const called = [...readme.text.matchAll(/`(GET|POST|PUT|PATCH|DELETE) (\/[^`]+)`/g)].map(([, ...of]) =>
      of.join(' '),
    );
    expect(called.length).toBeGreaterThan(0);
    const known = routes.map((route) => `${route.method} ${route.path}`);
    expect(called.filter((route) => !known.includes(route))).toEqual([]);
  });

  it('shows its one-line title, then the first command, before anything else', () => {
    expect(readme.fences[0]?.text).toContain('npm start');
  });
});

describe('troubleshooting', () => {
  // Browsers write these messages.
  const [starting = '', answers = '', , logs = ''] = readme
    .section('## When something goes wrong')
    .split(/^(?:In answers|In the browser|In the logs)/m);
  /** Words of npm's own. */
  const foreign = ['npm warn EBADENGINE'];
  /** What the code fills in; the README gives an example, or leaves it out. */
  const filledIn = /…|3000|openapi\.json|dynamodb:PutItem/;
  const sources = repositoryPaths('bin', 'lib', 'local', 'shared')
    .filter((path) => /\.(ts|mjs)$/.test(path) && !path.endsWith('.test.ts'))
    .map(sourceText)
    // A message may continue in the next literal.
    .map((text) => text.replaceAll(/[`'"] \+\s*[`'"]/g, ''))
    .join('\n');

  it.each(tableRows(starting + logs).map(([cell = '']) => codeIn(cell)))('knows “%s” from the code', (message) => {
    if (foreign.includes(message)) return;
    const pieces = message.split(filledIn).map((piece) => piece.trim());
    expect(pieces.join('').length).toBeGreaterThan(10);
    expect(pieces.filter((piece) => !sources.includes(piece))).toEqual([]);
  });

  it.each(tableRows(answers).map(([cell = '']) => codeIn(cell)))('explains a code that there is: %s', (code) => {
    expect(sources).toContain(`name: '${code.toLowerCase().replaceAll('_', '-')}'`);
  });
});
