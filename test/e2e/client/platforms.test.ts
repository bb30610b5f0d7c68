import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildClient } from '../../../bin/build-client.ts';
import type { TestRun } from '../../integration/harness.ts';
import { sharedTestRun } from '../../integration/shared-run.ts';
import { type Cast, castOf, password } from '../../integration/people.ts';

let folder: string;
let test: TestRun;
let cast: Cast;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchboard-platforms-'));
  [test] = await Promise.all([sharedTestRun(), buildClient(join(folder, 'client'), { types: false })]);
  cast = await castOf(test, 'platforms', { messagesPerMinute: null, textLength: 10_000 });
});
afterAll(async () => {
  await test?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Removes APIs that React Native, plain HTTP pages or older browsers lack. */
const olderPlatform = `
  // Node's own modules use some of them, so they are loaded first.
  await Promise.all([fetch('data:,'), globalThis.WebSocket]);
  const without = (target, ...names) => { for (const name of names) delete target[name]; };
  without(AbortSignal, 'timeout', 'any');
  without(AbortSignal.prototype, 'throwIfAborted');
  without(Array.prototype, 'toSorted', 'toReversed', 'toSpliced', 'with', 'findLast', 'findLastIndex');
  without(String.prototype, 'isWellFormed');
  without(Promise, 'withResolvers', 'try');
  without(Object, 'groupBy');
  without(Map, 'groupBy');
  without(globalThis, 'structuredClone', 'BroadcastChannel', 'URLSearchParams', 'TextEncoder', 'TextDecoder');
  const replace = (name, value) => Object.defineProperty(globalThis, name, { value, configurable: true });
  const random = (bytes) => nodeCrypto.webcrypto.getRandomValues(bytes);
  replace('navigator', undefined);
  replace('crypto', { getRandomValues: random });
`;

async function run(program: string): Promise<unknown> {
  const file = join(folder, 'program.mjs');
  await writeFile(file, `import nodeCrypto from 'node:crypto';\n${program}`);
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await new Promise((resolve) => child.on('close', resolve));
  return JSON.parse(output);
}

describe('a platform with only the required parts', () => {
  it('logs in, sends, receives, reads, uploads with progress, and ends', async () => {
    const login = { tenant: cast.slug, username: 'alice', password };
    const result = await run(`
      ${olderPlatform}
      const { createChatClient, memoryOutbox } = await import('./client/client.js');
      const { openAttachments } = await import('./client/attachments.js');
      const client = await createChatClient({
        url: ${JSON.stringify(test.url)}, login: ${JSON.stringify(login)}, outbox: memoryOutbox(),
      });
      await new Promise((resolve) => client.on('connection', (connection) => connection === 'connected' && resolve()));
      const { id } = await client.startDirect(${JSON.stringify(cast.bob.userId)});
      await client.open(id);
      const sent = client.messages.send(id, 'Hello');
      await sent.kept;
      const text = await sent.stored;
      // Longer than a frame: each character has four bytes.
      const long = await client.messages.send(id, '\\u{1F6A8}'.repeat(10_000)).stored;
      client.receipts.markRead(id, long.seq);
      await client.messages.react(id, text.seq, '👍').stored;
      const shares = [];
      const name = 'log.txt';
      const data = new Blob(['Landed at nine.\\n'.repeat(100_000)]);
      const file = await openAttachments(client).upload(id, { name, contentType: 'text/plain', data }, {
        onProgress: (share) => shares.push(share),
      });
      const pages = [];
      for await (const { items } of client.search({ conversationId: id, type: 'text' })) pages.push(items.length);
      const { connection } = client;
      await client.logout();
      console.log(JSON.stringify({ text: text.seq, long: [...long.text].length, connection, file: file.size, shares, pages }));
    `);
    expect(result).toMatchObject({ text: 1, long: 10_000, connection: 'connected', file: 1_600_000 });
    const { shares } = result as { shares: number[] };
    expect(shares.length).toBeGreaterThan(10);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
  });
});

describe('a platform that lacks a part', () => {
  it.each([
    ['fetch', 'fetch', 'Node 18'],
    ['WebSocket', 'WebSocket', 'ws'],
    ['crypto', 'crypto.getRandomValues', 'react-native-get-random-values'],
    ['AbortController', 'AbortController', 'abort-controller/polyfill'],
  ])('gets an error that names the remedy at the start when %s is missing', async (name, part, remedy) => {
    const result = await run(`
      Object.defineProperty(globalThis, '${name}', { value: undefined });
      const { createChatClient, MissingPartError } = await import('./client/client.js');
      const login = { tenant: 'demo', email: 'a@b.test', password: 'x' };
      const error = await createChatClient({ url: 'http://127.0.0.1:9', login }).catch((error) => error);
      console.log(JSON.stringify([error instanceof MissingPartError, error.part, error.message]));
    `);
    expect(result).toEqual([true, part, expect.stringContaining(remedy)]);
  });

  it('gets an error when it lacks the database that the outbox requires', async () => {
    const result = await run(`
      const { createChatClient, browserOutbox, MissingPartError } = await import('./client/client.js');
      const login = { tenant: 'demo', email: 'a@b.test', password: 'x' };
      const outbox = browserOutbox('outbox-a');
      const error = await createChatClient({ url: 'http://127.0.0.1:9', login, outbox }).catch((error) => error);
      console.log(JSON.stringify([error instanceof MissingPartError, error.part]));
    `);
    expect(result).toEqual([true, 'indexedDB']);
  });
});
