import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OutboxInUseError } from '../../../shared/client/outbox-folder-lock.ts';
import { fileOutbox } from '../../../shared/client/outbox-in-files.ts';
import type { PendingMessage } from '../../../shared/client/pending-message.ts';

interface Stored {
  readonly clientMessageId: string;
  readonly text: string;
}

let home: string;
let program: string;
let server: Server;
let url: string;
let log: Stored[] = [];
/** Called after each stored request. If false, the connection is cut. */
let answers: () => boolean = () => true;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'switchboard-outbox-'));
  program = join(home, 'program.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'outbox-program.ts')],
    outfile: program,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
    plugins: [
      {
        name: 'killing-files',
        setup: (building) =>
          building.onResolve({ filter: /^node:fs\/promises$/ }, ({ importer }) =>
            importer.endsWith('killing-files.ts')
              ? { path: 'node:fs/promises', external: true }
              : { path: join(import.meta.dirname, 'killing-files.ts') },
          ),
      },
    ],
  });
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const message = JSON.parse(body) as Stored;
      if (!log.some(({ clientMessageId }) => clientMessageId === message.clientMessageId)) log.push(message);
      if (answers()) response.end(body);
      else response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(home, { recursive: true, force: true });
});

interface Session {
  readonly child: ChildProcess;
  readonly lines: string[];
  readonly ended: Promise<NodeJS.Signals | null>;
}

function start(folder: string, name: string, count: number, killAt = 0): Session {
  const child = spawn(process.execPath, [program, folder, url, name, String(count)], {
    env: { ...process.env, KILL_AT: String(killAt) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const lines: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    lines.splice(0, lines.length, ...output.split('\n').slice(0, -1));
  });
  return { child, lines, ended: once(child, 'close').then(([, signal]) => signal as NodeJS.Signals | null) };
}

const keptIn = (lines: readonly string[]) => lines.flatMap((line) => (line.startsWith('kept ') ? line.slice(5) : []));

const messageOf = (localId: string, order: number): PendingMessage => ({
  localId,
  clientMessageId: localId,
  conversationId: 'c',
  task: { kind: 'message', message: { type: 'text', text: localId } },
  writtenAt: 0,
  order,
  state: 'queued',
  uncertain: false,
});

describe('a program that is killed while it writes', () => {
  it('sends every kept message once and in order after a restart', async () => {
    const folder = join(home, 'killed');
    const kept: string[] = [];
    let kills = 0;
    log = [];
    const run = async (name: string, killAt: number): Promise<void> => {
      const session = start(folder, name, 3, killAt);
      if ((await session.ended) === 'SIGKILL') kills += 1;
      kept.push(...keptIn(session.lines));
      expect(session.lines.filter((line) => line.startsWith('error'))).toEqual([]);
    };
    for (let round = 1; round <= 40; round += 1)
      await run(`a${String(round).padStart(2, '0')}`, round <= 24 ? round : round * 3 - 48);
    for (const atRequest of [1, 2, 4]) {
      const session = start(folder, `b${atRequest}`, 3);
      let requests = 0;
      answers = () => {
        requests += 1;
        if (requests === atRequest) session.child.kill('SIGKILL');
        return requests < atRequest;
      };
      if ((await session.ended) === 'SIGKILL') kills += 1;
      kept.push(...keptIn(session.lines));
    }
    answers = () => true;
    await run('z', 0);

    const texts = log.map(({ text }) => text);
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts).toEqual(texts.toSorted());
    expect(texts).toEqual(expect.arrayContaining(kept));
    expect(kept.filter((text) => text.startsWith('z.'))).toHaveLength(3);
    for (const text of texts.filter((each) => !each.endsWith('.1'))) {
      expect(texts).toContain(text.replace(/\d$/, (digit) => String(Number(digit) - 1)));
    }
    expect(kills).toBeGreaterThan(30);
    expect(await readdir(folder)).toEqual([]);
  });

  it('keeps the complete files when others are damaged', async () => {
    const folder = join(home, 'torn');
    const storage = fileOutbox(folder);
    await storage.put(messageOf('one', 1));
    await storage.put(messageOf('two', 2));
    await writeFile(join(folder, 'torn.json'), '{"localId":"torn","order":');
    await writeFile(join(folder, 'empty.json'), '');
    await writeFile(join(folder, 'beside.unfinished'), '{"half":');
    const items = await fileOutbox(folder).load();
    expect(items.map(({ localId }) => localId).toSorted()).toEqual(['one', 'two']);
    expect(await readdir(folder)).not.toContain('beside.unfinished');
  });
});

describe('an outbox', () => {
  it('belongs to one program until that program ends, and rejects other programs with its process id', async () => {
    const folder = join(home, 'shared');
    answers = () => false;
    const holder = start(folder, 'holder', 1);
    await once(holder.child.stdout ?? holder.child, 'data');
    const second = fileOutbox(folder);
    await expect(second.open?.()).rejects.toThrow(new OutboxInUseError(folder, String(holder.child.pid)));
    holder.child.kill('SIGKILL');
    await holder.ended;
    answers = () => true;
    await second.open?.();
    expect((await second.load()).map(({ localId }) => localId)).toHaveLength(1);
    // A new client waits for one that is closing.
    await expect(fileOutbox(folder).open?.()).rejects.toThrow(OutboxInUseError);
    let written: () => void = () => undefined;
    second.close?.(new Promise<void>((resolve) => (written = resolve)));
    const next = fileOutbox(folder);
    const opened = next.open?.();
    written();
    await opened;
    next.close?.(Promise.resolve());
  });
});
