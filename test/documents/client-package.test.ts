import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildClient, type BuiltClient } from '../../bin/build-client.ts';
import { MarkdownFile, root } from './markdown.ts';

/** Another package that has this one below its node_modules, as npm links it. */
let folder: string;
let built: BuiltClient;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchboard-package-'));
  const installed = join(folder, 'node_modules/switchboard');
  await mkdir(installed, { recursive: true });
  await symlink(join(root, 'package.json'), join(installed, 'package.json'));
  built = await buildClient(join(installed, 'dist/client'), { types: false });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a program in the other package; what it prints. */
async function run(program: string): Promise<string> {
  await writeFile(join(folder, 'program.js'), program);
  return execFileSync(process.execPath, [join(folder, 'program.js')], { encoding: 'utf8' });
}

describe('the package', () => {
  it('gives the client to programs of others', async () => {
    const names = await run(`
      import { createChatClient, NetworkError, memoryOutbox, messagesIn } from 'switchboard/client';
      import { fileOutbox } from 'switchboard/client/node';
      const login = { tenant: 'demo', email: 'a@b.test', password: 'x' };
      const failure = await createChatClient({ url: 'http://127.0.0.1:9', login }).catch((error) => error);
      console.log(failure instanceof NetworkError, [memoryOutbox, messagesIn, fileOutbox].map((each) => typeof each).join());
    `);
    expect(names).toBe('true function,function,function\n');
  });

  it('needs nothing else, and nothing of Node in the part that is for browsers', async () => {
    const text = await readFile(join(folder, 'node_modules/switchboard/dist/client/client.js'), 'utf8');
    expect(text.match(/\bimport\s*[{*"'(]|\brequire\(/g)).toBeNull();
    expect(text.match(/\bprocess\.|\bBuffer\b|node:/g)).toBeNull();
  });

  it('keeps its weight', () => {
    expect(built.gzipBytes).toBeLessThan(35 * 1024);
  });
});

describe('the page about the client', () => {
  const page = new MarkdownFile('docs/client.md');

  it('shows exactly the examples that run', async () => {
    const folderOfExamples = join(root, 'test/documents/client-examples');
    const shown = page.fences.filter(({ language }) => language === 'ts').map(({ text }) => text);
    const expected = [];
    for (const name of await readdir(folderOfExamples)) {
      const text = await readFile(join(folderOfExamples, name), 'utf8');
      const imported = text
        .replaceAll("'../../../shared/client/outbox-in-files.ts'", "'switchboard/client/node'")
        .replaceAll(/'\.\.\/\.\.\/\.\.\/shared\/client\/[\w-]+\.ts'/g, "'switchboard/client'");
      expected.push(`// ${name}\n${imported}`);
    }
    expect(shown.toSorted()).toEqual(expected.toSorted());
  });
});
