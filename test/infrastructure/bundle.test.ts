import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleFunctions } from '../../lib/functions/bundle.ts';

const workspace = mkdtempSync(join(tmpdir(), 'switchboard-bundles-'));
afterAll(() => rmSync(workspace, { recursive: true }));

function project() {
  const root = mkdtempSync(join(workspace, 'project-'));
  const write = (path: string, text: string) => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('package-lock.json', '{}');
  write('shared/greeting.ts', `export const greeting: string = 'hello';`);
  write('shared/unused.ts', 'export const unused = 1;');
  write(
    'functions/greet.ts',
    `import { greeting } from '../shared/greeting.ts'; export const handler = () => greeting;`,
  );
  write(
    'functions/leave.ts',
    `import { unused } from '../shared/unused.ts'; export const handler = () => (false ? unused : 'bye');`,
  );
  const built: string[] = [];
  const bundle = async (names = ['greet', 'leave']) => {
    built.length = 0;
    return bundleFunctions(names, { root, log: (line) => built.push(line.replace(/ in \d+ ms$/, '')) });
  };
  return { write, bundle, built };
}

async function answerOf(directory: string | undefined, version: number): Promise<unknown> {
  const url = `${pathToFileURL(join(directory ?? '', 'index.mjs')).href}?${version}`;
  const { handler } = (await import(url)) as { handler: () => unknown };
  return handler();
}

describe('bundling', () => {
  it('creates a working module for each function', async () => {
    const { bundle } = project();
    const directories = await bundle();
    expect(await answerOf(directories['greet'], 1)).toBe('hello');
    expect(await answerOf(directories['leave'], 1)).toBe('bye');
  });

  it('does nothing when nothing has changed', async () => {
    const { bundle, built } = project();
    const directories = await bundle();
    expect(built).toEqual(['Bundled greet, leave']);
    const before = statSync(join(directories['greet'] ?? '', 'index.mjs')).mtimeMs;
    await bundle();
    expect(built).toEqual([]);
    expect(statSync(join(directories['greet'] ?? '', 'index.mjs')).mtimeMs).toBe(before);
  });

  it('builds only the functions that import a changed file', async () => {
    const { write, bundle, built } = project();
    await bundle();
    write('shared/greeting.ts', `export const greeting: string = 'good morning';`);
    const directories = await bundle();
    expect(built).toEqual(['Bundled greet']);
    expect(await answerOf(directories['greet'], 2)).toBe('good morning');
  });

  it('builds again after a change of a file that left nothing in the bundle', async () => {
    const { write, bundle, built } = project();
    await bundle();
    write('shared/unused.ts', 'export const unused = 2; globalThis.left = true;');
    await bundle();
    expect(built).toEqual(['Bundled leave']);
  });

  it('builds everything again after a change of the packages', async () => {
    const { write, bundle, built } = project();
    await bundle();
    write('package-lock.json', '{"changed":true}');
    await bundle();
    expect(built).toEqual(['Bundled greet, leave']);
  });

  it('replaces a damaged bundle', async () => {
    const { bundle, built } = project();
    const directories = await bundle();
    writeFileSync(join(directories['greet'] ?? '', 'index.mjs'), '');
    await bundle();
    expect(built).toEqual(['Bundled greet']);
  });

  it('writes the same bytes for the same sources in every folder, alone or with others', async () => {
    const together = await project().bundle();
    const alone = await project().bundle(['greet']);
    const bytes = (directory: string | undefined) => readFileSync(join(directory ?? '', 'index.mjs'), 'utf8');
    expect(bytes(together['greet'])).toBe(bytes(alone['greet']));
  });

  it('reports the functions whose source is missing', async () => {
    await expect(project().bundle(['greet', 'vanish'])).rejects.toThrow(/without a source: functions\/vanish\.ts$/);
  });
});
