import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestRun, type TestRun } from '../../integration/harness.ts';
import { call, signIn, type SignedIn } from '../../integration/raw-client.ts';
import { newAccount, password } from '../../integration/system/world.ts';
import { root, runCli } from './child-process.ts';

let test: TestRun;
let folder: string;
let member: SignedIn;

beforeAll(async () => {
  [test, folder] = await Promise.all([startTestRun(), mkdtemp(join(tmpdir(), 'switchboard-templates-'))]);
  for (const slug of ['acme', 'other']) await test.provision({ command: 'createTenant', slug, settings: {} });
  const { email } = await newAccount(test, 'acme', 'acme', 'member');
  member = await signIn(test.url, 'acme', email, password);
});
afterAll(async () => {
  await Promise.all([test.stop(), rm(folder, { recursive: true })]);
});

const examples = join(root, 'examples/templates.json');
const cli = (...args: string[]) => runCli(test.dataDirectory, ['load-templates', ...args]);
const reply = { kind: 'reply', key: 'hello', name: 'Hello', language: 'en', text: 'Hello {name}' };

async function fileOf(content: unknown): Promise<string> {
  const file = join(folder, 'templates.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

async function listed(query: string) {
  const answer = await call(test.url, 'GET', `/api/v1/templates?limit=100&${query}`, { token: member.token });
  return answer.body.items as readonly Readonly<Record<string, unknown>>[];
}

async function outcomes(args: readonly string[]): Promise<readonly string[]> {
  const { exitCode, output, errors } = await cli(...args, '--json');
  expect(exitCode, errors).toBe(0);
  const { templates } = JSON.parse(output) as { readonly templates: readonly { readonly outcome: string }[] };
  return templates.map(({ outcome }) => outcome);
}

describe('load-templates', () => {
  it('loads the example templates, and changes nothing the next time', async () => {
    const names = JSON.parse(await readFile(examples, 'utf8')) as readonly { readonly key: string }[];
    const all = (outcome: string) => names.map(() => outcome);
    const args = ['--file', examples, '--global'];
    expect(await outcomes([...args, '--dry-run'])).toEqual(all('created'));
    expect(await listed('scope=global')).toEqual([]);
    expect(await outcomes(args)).toEqual(all('created'));
    expect((await listed('scope=global')).map(({ key }) => key)).toEqual(names.map(({ key }) => key));
    expect(await outcomes(args)).toEqual(all('unchanged'));
    expect(await outcomes(['--file', examples, '--tenant', 'acme'])).toEqual(all('created'));
  });

  it('replaces the content of a template with the same key and language, in its tenant only', async () => {
    expect(await outcomes(['--file', await fileOf([{ ...reply, topic: 'Old' }]), '--tenant', 'acme'])).toEqual([
      'created',
    ]);
    const hello = async () => (await listed('q=hello&scope=tenant')).find(({ key }) => key === 'hello');
    const before = await hello();
    const changed = await fileOf([{ ...reply, text: 'Good day {name}' }]);
    expect(await outcomes(['--file', changed, '--tenant', 'acme', '--dry-run'])).toEqual(['updated']);
    expect(await hello()).toEqual(before);
    expect(await outcomes(['--file', changed, '--tenant', 'other'])).toEqual(['created']);
    expect(await outcomes(['--file', changed, '--tenant', 'acme'])).toEqual(['updated']);
    const after = await hello();
    expect(after).toMatchObject({ id: before?.['id'], text: 'Good day {name}' });
    expect(after).not.toHaveProperty('topic');
  });

  it('loads files with more templates than one command may have', async () => {
    const many = Array.from({ length: 60 }, (_, index) => ({ ...reply, key: `many-${index}` }));
    const { exitCode, output, errors } = await cli('--file', await fileOf(many), '--tenant', 'acme');
    expect(exitCode, errors).toBe(0);
    expect(output).toContain('60 created, 0 updated, 0 unchanged, 0 rejected');
    expect(errors).toContain('60 of 60');
  });

  it('loads the others if a template is rejected, and returns 1', async () => {
    const file = await fileOf([
      { ...reply, key: 'first', shortcut: 'same' },
      { ...reply, key: 'fine' },
    ]);
    expect(await outcomes(['--file', file, '--tenant', 'other'])).toEqual(['created', 'created']);
    const clash = await fileOf([
      { ...reply, key: 'second', shortcut: 'same' },
      { ...reply, key: 'fine', text: 'Changed' },
      { ...reply, kind: 'form', key: 'first', fields: [{ id: 'a', type: 'text', label: 'A' }] },
    ]);
    for (const args of [['--dry-run'], []]) {
      const { exitCode, output } = await cli('--file', clash, '--tenant', 'other', ...args, '--json');
      expect(exitCode).toBe(1);
      expect(JSON.parse(output).templates).toMatchObject([
        { key: 'second', outcome: 'rejected', detail: expect.stringContaining('/shortcut') },
        { key: 'fine', outcome: 'updated' },
        { key: 'first', outcome: 'rejected', detail: expect.stringContaining('/kind') },
      ]);
    }
  });

  it.each([
    ['an invalid template', [reply, { ...reply, key: 'form', kind: 'form' }], '/1/fields is required'],
    ['an unknown member', [{ ...reply, colour: 'red' }], '/0/colour'],
    ['the same key twice', [reply, { ...reply, text: 'Again' }], '/1/key is already used'],
    ['no array', reply, 'must be a JSON array'],
    ['no JSON', '[{', 'must be a JSON array'],
  ])('rejects a file with %s, and loads nothing', async (_case, content, text) => {
    const { exitCode, output, errors } = await cli('--file', await fileOf(content), '--tenant', 'acme');
    expect({ exitCode, output }).toEqual({ exitCode: 1, output: '' });
    expect(errors).toContain(text);
  });

  it('explains wrong arguments and an unknown tenant', async () => {
    const missing = await cli('--file', join(folder, 'missing.json'), '--global');
    expect(missing).toMatchObject({ exitCode: 2, output: '' });
    expect(missing.errors).toContain('cannot be read');
    expect(await cli('--file', examples)).toMatchObject({ exitCode: 2 });
    expect(await cli('--file', examples, '--global', '--tenant', 'acme')).toMatchObject({ exitCode: 2 });
    const unknown = await cli('--file', examples, '--tenant', 'unknown');
    expect(unknown).toMatchObject({ exitCode: 1, output: '' });
    expect(unknown.errors).toContain('Create the tenant first');
  });
});
