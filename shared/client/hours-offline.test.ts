import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChatClientOptions } from './chat-client-options.ts';
import { createChatClient } from './chat-client.ts';
import { ModelServer, type ModelServerOptions } from './model-server-builders.ts';
import { memoryOutbox } from './outbox-storage.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 21) });
});
afterEach(() => {
  vi.useRealTimers();
});

const minute = 60_000;
const hour = 60 * minute;

async function clientOn(server: ModelServer, more: Partial<ChatClientOptions> = {}) {
  const errors: Error[] = [];
  let ended = 0;
  const client = await createChatClient({
    url: 'http://chat.test',
    login: { tenant: 'demo', email: 'alice@demo.test', password: 'secret' },
    fetch: server.fetch,
    WebSocket: server.WebSocket,
    random: () => 0.5,
    ...more,
  });
  client.on('error', (error) => errors.push(error));
  client.on('ended', () => (ended += 1));
  await vi.advanceTimersByTimeAsync(1000);
  return { client, errors, ended: () => ended };
}

function serverWith(options: ModelServerOptions = {}): ModelServer {
  const server = new ModelServer(options);
  for (const conversationId of ['c', 'd']) server.addMessage(conversationId, 'Hello');
  return server;
}

async function writeWhileOffline(client: Awaited<ReturnType<typeof clientOn>>['client'], overMs: number) {
  const own = await client.messages.send('c', 'before').stored;
  const expected = { c: ['Hello', 'before'], d: ['Hello'] };
  return {
    begin: async () => {
      const outcomes: Promise<unknown>[] = [];
      for (let part = 1; part <= 12; part += 1) {
        outcomes.push(client.messages.send('c', `c ${part}`).stored);
        expected.c.push(`c ${part}`);
        if (part % 4 === 0) {
          outcomes.push(
            client.messages.edit('c', own.seq, `again ${part}`).stored,
            client.messages.send('d', `d ${part}`).stored,
          );
          expected.c.push(`edit ${own.seq}: again ${part}`);
          expected.d.push(`d ${part}`);
        }
        if (part === 6) {
          outcomes.push(client.messages.react('c', 1, '👍').stored, client.messages.unreact('c', 1, '👍').stored);
          expected.c.push('reaction.add 1', 'reaction.remove 1');
        }
        if (part === 9) {
          outcomes.push(client.messages.delete('c', own.seq).stored);
          expected.c.push(`delete ${own.seq}`);
        }
        client.receipts.markRead('c', 2);
        client.receipts.markRead('d', 1);
        await vi.advanceTimersByTimeAsync(overMs / 12);
      }
      return outcomes;
    },
    expected,
  };
}

describe.each([
  ['an hour', hour],
  ['twelve hours, with an access token long expired', 12 * hour],
])('a client after %s without network', (_, durationMs) => {
  it.each(['a login', 'tokens of the application'])(
    'sends everything once and in order with %s, after few attempts',
    async (credentials) => {
      const server = serverWith();
      const provided = vi.fn(async () => {
        if (!server.online) throw new TypeError('fetch failed');
        return server.token();
      });
      const { client, ended } = await clientOn(server, credentials === 'a login' ? {} : { accessToken: provided });
      await client.open('c');
      const { begin, expected } = await writeWhileOffline(client, durationMs);
      server.online = false;
      const before = { ...server.attempts };
      const providedBefore = provided.mock.calls.length;
      const outcomes = await begin();
      const attempted = {
        sockets: server.attempts.sockets - before.sockets,
        fetches: server.attempts.fetches - before.fetches,
        tokens: provided.mock.calls.length - providedBefore,
      };
      expect(server.logOf('c')).toEqual(['Hello', 'before']);
      const minutes = durationMs / minute;
      expect(attempted.sockets).toBeLessThanOrEqual(4 * minutes + 20);
      expect(attempted.fetches + attempted.tokens).toBeLessThanOrEqual(3 * (4 + 2 + 1) * minutes + 100);
      expect(attempted.sockets + attempted.fetches + attempted.tokens).toBeGreaterThan(minutes);

      server.online = true;
      await vi.advanceTimersByTimeAsync(2 * minute);
      await Promise.all(outcomes);
      await Promise.all(outcomes);
      expect(server.logOf('c')).toEqual(expected.c);
      expect(server.logOf('d')).toEqual(expected.d);
      expect([server.read.get('c'), server.read.get('d')]).toEqual([2, 1]);
      expect([client.messages.pending('c'), client.messages.pending('d')]).toEqual([[], []]);
      expect(client.connection).toBe('connected');
      expect(ended()).toBe(0);
      client.close();
    },
  );
});

it('sends messages and receipts that were written offline after a restart', async () => {
  const server = serverWith();
  const outbox = memoryOutbox();
  let stored: ChatClientOptions['stored'];
  const onTokens: ChatClientOptions['onTokens'] = (session) => (stored = session);
  const { client } = await clientOn(server, { outbox, onTokens });
  server.online = false;
  client.receipts.markRead('c', 1);
  await client.messages.send('c', 'offline').kept;
  await vi.advanceTimersByTimeAsync(hour);
  client.close();
  await vi.advanceTimersByTimeAsync(11 * hour);
  server.online = true;
  if (stored === undefined) throw new Error('There is no session');
  const after = await clientOn(server, { outbox, stored });
  await vi.advanceTimersByTimeAsync(minute);
  expect(server.logOf('c')).toEqual(['Hello', 'offline']);
  expect(server.receipts.filter(({ conversationId, readSeq }) => conversationId === 'c' && readSeq === 1)).toHaveLength(
    1,
  );
  expect(await outbox.load()).toEqual([]);
  after.client.close();
});

it('sends receipts over HTTP when the network is back and blocks WebSockets', async () => {
  const server = serverWith({ sockets: false });
  for (let index = 0; index < 20; index += 1) server.addMessage(`more ${index}`, 'Hello');
  const { client } = await clientOn(server);
  server.online = false;
  const before = server.attempts.fetches;
  for (const conversationId of server.messages.keys()) client.receipts.markRead(conversationId, 1);
  await vi.advanceTimersByTimeAsync(hour);
  expect(server.attempts.fetches - before).toBeLessThan(3 * 5 * 60 + 100);
  server.online = true;
  await vi.advanceTimersByTimeAsync(3 * minute);
  expect([...server.read.values()]).toEqual(Array(22).fill(1));
  expect(server.receipts).toHaveLength(22);
  client.close();
});

describe('a server that throttles', () => {
  it.each([
    ['in frames', {}],
    ['in HTTP answers', { sockets: false }],
    ['in Retry-After alone', { sockets: false, throttlesInHeaders: true }],
  ])('delays messages as long as it states %s, and keeps their order', async (_label, options) => {
    const server = serverWith({ perMinute: 10, ...options });
    const { client } = await clientOn(server);
    const texts = Array.from({ length: 45 }, (_text, index) => `message ${index + 1}`);
    const sent = texts.map((text) => client.messages.send('c', text).stored);
    const edited = client.messages.edit('c', 1, 'Hello again').stored;
    const unthrottled = client.messages.send('d', 'does not wait').stored;
    for (let passed = 0; passed < 4.5 * minute; passed += minute / 2) {
      await vi.advanceTimersByTimeAsync(minute / 2);
      client.wake();
    }
    await Promise.all([...sent, edited, unthrottled]);
    expect(server.logOf('c')).toEqual(['Hello', ...texts, 'edit 1: Hello again']);
    expect(server.logOf('d')).toEqual(['Hello', 'does not wait']);
    expect(server.attempts.tooEarly).toBe(0);
    expect(server.attempts.throttled).toBeGreaterThanOrEqual(4);
    expect(server.attempts.throttled).toBeLessThanOrEqual(5);
    client.close();
  });
});
