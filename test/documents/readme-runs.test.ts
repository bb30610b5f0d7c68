import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildClient } from '../../bin/build-client.ts';
import { MarkdownFile, root } from './markdown.ts';

const readme = new MarkdownFile('README.md');
const withTypeScript = ['--import', 'tsx'];

let dataDirectory: string;
let server: ChildProcess;
let shown = '';

beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'switchboard-readme-'));
  server = spawn(process.execPath, [...withTypeScript, 'bin/start.ts'], {
    cwd: root,
    env: { ...process.env, PORT: '0', DATA_DIR: dataDirectory },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  server.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  await new Promise<void>((resolve, reject) => {
    server.stdout?.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
      if (shown.includes('Ctrl-C')) resolve();
    });
    server.once('exit', (code) => reject(new Error(`The start ended with ${code}:\n${errors}`)));
  });
}, 180_000);

afterAll(async () => {
  if (server.exitCode === null) {
    server.kill('SIGKILL');
    await once(server, 'exit');
  }
  await rm(dataDirectory, { recursive: true, force: true });
});

const portOf = (text: string) => /http:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1] ?? 'no port';

describe('the README', () => {
  it('shows the output of the start', () => {
    const masked = (text: string) =>
      text
        .replaceAll(portOf(text), '<port>')
        .replace(/\(\d+\.\d s\)/, '(<seconds> s)')
        .trim();
    const documented = readme.fences.find((fence) => fence.text.includes('Switchboard is ready'))?.text ?? '';
    expect(masked(shown)).toContain(masked(documented));
  });

  it('shows the chat commands that the start prints', () => {
    const printed = [...shown.matchAll(/npx switchboard chat .+/g)].map(([command]) => command);
    const written = [...readme.text.matchAll(/^npx switchboard chat .+/gm)].map(([command]) => command);
    expect(printed).toHaveLength(2);
    expect(written).toEqual(printed);
  });

  it('has an example with the client that prints the stored message', async () => {
    const output = await runExample('hello.ts');
    expect(output).toMatch(/seq: 1,\n/);
    expect(output).toContain("text: 'Hello, Bob'");
  });

  it('has an example without the client that prints the acknowledgement', async () => {
    const output = await runExample('frames.ts');
    expect(JSON.parse(output)).toMatchObject({ type: 'ack', ref: '1', data: { seq: 2, text: 'Hello, Bob' } });
    const documented = /prints the acknowledgement[^`]+`([^`]+)`/.exec(readme.text)?.[1] ?? 'nothing';
    for (const piece of documented.split('…')) expect(output).toContain(piece);
  });

  it.each([
    ['start.ts', /Stored as number \d+/],
    ['search.ts', /Found: The ferry leaves at nine/],
    ['state.ts', /\d+ conversations/],
    ['offline.ts', /sending\n[\s\S]*It survives the end of this program\n[\s\S]*Stored as number \d+/],
    ['presence.ts', /Bob is online\n[\s\S]*Bob is away\n[\s\S]*Bob is offline\n[\s\S]*Last seen at \d{4}-/],
    ['call.ts', /\d+ unread messages in \d+ conversations/],
    ['guest.ts', /Sam is the same guest: true\nThe laptop is the same guest: true/],
    ['support.ts', /Kept before there is a network\nThe message is (received|seen|here)/],
    ['notifications.ts', /mention\n\d+ unread/],
    ['drafts.ts', /Sent as number \d+/],
    ['desk.ts', /\d+ are mine, \d+ wait/],
    ['every-kind.ts', /text\n\d+ text\n\d+ location\n\d+ text\n\d+ image\n\d+ voice\n\d+ file\n/],
  ])('has the example %s, which runs unchanged', async (name, printed) => {
    const script = join(root, 'examples/client', name);
    const { code, output } = await run([script], {
      SWITCHBOARD_URL: `http://127.0.0.1:${portOf(shown)}`,
    });
    expect(output).toMatch(printed);
    expect(code).toBe(0);
  });

  it('has a client that other programs install and import by its name', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'switchboard-installed-'));
    try {
      const installed = join(folder, 'node_modules/switchboard');
      await buildClient(join(installed, 'dist/client'), { types: false });
      await symlink(join(root, 'package.json'), join(installed, 'package.json'));
      await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
      const page = new MarkdownFile('docs/client.md');
      for (const [name, printed] of [
        ['every-kind.ts', /image\n\d+ voice\n\d+ file\n/],
        ['call.ts', /\d+ unread messages/],
      ] as const) {
        const example = page.fences.find(({ text }) => text.startsWith(`// ${name}\n`))?.text ?? '';
        expect(example).toContain("from 'switchboard/client'");
        const script = join(folder, name);
        await writeFile(script, example);
        const { code, output } = await run(['--import', import.meta.resolve('tsx'), script], {
          SWITCHBOARD_URL: `http://127.0.0.1:${portOf(shown)}`,
        });
        expect(output).toMatch(printed);
        expect(code).toBe(0);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('stops everything with Ctrl-C', async () => {
    server.removeAllListeners('exit');
    const exit = once(server, 'exit');
    server.kill('SIGINT');
    expect(await exit).toEqual([0, null]);
  });
});

async function runExample(name: string): Promise<string> {
  const [example] = readme.fences.filter((fence) => fence.text.startsWith(`// ${name}`));
  if (example === undefined) throw new Error(`The README has no example ${name}`);
  const script = join(root, 'test/documents', `example-${process.pid}-${name}`);
  const text = example.text.replaceAll('127.0.0.1:3000', `127.0.0.1:${portOf(shown)}`).replaceAll("'./", "'../../");
  await writeFile(script, text);
  try {
    const { code, output } = await run([...withTypeScript, script]);
    if (code !== 0) throw new Error(`The example ended with ${code}:\n${output}`);
    return output;
  } finally {
    await rm(script);
  }
}

async function run(
  command: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly output: string }> {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, [...command], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}
