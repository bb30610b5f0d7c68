import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keys } from '../../../shared/core/table/keys.ts';
import { tenantPrefix } from '../../../shared/core/tenancy/tenant-scope.ts';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { castOf, connect, conversationOf } from '../people.ts';
import { call, type Frame, type SignedIn } from '../raw-client.ts';
import { Tables } from '../system/tables.ts';
import { catchUpCalls, timeless } from './catch-up-calls.ts';

let test: TestRun;
let ask: ReturnType<typeof catchUpCalls>['ask'];
let overSocket: ReturnType<typeof catchUpCalls>['overSocket'];
let overHttp: ReturnType<typeof catchUpCalls>['overHttp'];

beforeAll(async () => {
  test = await sharedTestRun();
  ({ ask, overSocket, overHttp } = catchUpCalls(test));
});

afterAll(() => test.stop());

function send(who: SignedIn, id: string, text: string) {
  const body = { type: 'text', text, clientMessageId: ulid() };
  return ask(who, 'POST', `/conversations/${id}/messages`, body);
}

describe('catching up', () => {
  it('returns every kind of entry as it was sent live, and then the receipts, over both transports', async () => {
    const { alice, bob } = await castOf(test, 'kinds');
    const id = await conversationOf(test, alice, bob);
    const socket = await connect(test, bob);
    for (const text of ['one', 'two', 'three']) await send(alice, id, text);
    const path = `/conversations/${id}/messages`;
    await ask(alice, 'PATCH', `${path}/1`, { text: 'one, better' });
    await ask(bob, 'PUT', `${path}/2/reactions/${encodeURIComponent('👍')}`);
    await ask(alice, 'DELETE', `${path}/3`);
    await test.run.settled();
    const live = await Promise.all([1, 2, 3, 4, 5, 6].map((seq) => socket.frame((frame) => frame.seq === seq)));
    await socket.close();

    const { events, pages } = await overSocket(bob, { resume: { [id]: 3, [ulid()]: 0 } });
    expect(pages).toHaveLength(1);
    expect(events.slice(0, 3)).toEqual(live.slice(3));
    expect(events.slice(3)).toMatchObject([
      { type: 'receipt.updated', conversationId: id, data: { receipts: [{ userId: alice.userId, readSeq: 3 }] } },
    ]);
    const http = await overHttp(bob, { [id]: 3, [ulid()]: 0 });
    expect(timeless(http.events)).toEqual(timeless(events));
    expect(http.pages.at(-1)).toMatchObject({ complete: true, positions: {} });
  });

  it('continues each page over HTTP where the last one ended, in several conversations at once', async () => {
    const { alice, bob, carol } = await castOf(test, 'many');
    const ids = [await conversationOf(test, alice, bob), await conversationOf(test, alice, carol)];
    for (let count = 0; count < 25; count += 1)
      for (const id of ids) await send(alice, id, `${count}${'x'.repeat(1800)}`);
    await test.run.settled();
    const positions = Object.fromEntries(ids.map((id) => [id, 1]));
    const { pages, events } = await overHttp(alice, positions);
    expect(pages.length).toBeGreaterThan(2);
    for (const page of pages) expect(Buffer.byteLength(JSON.stringify(page.events))).toBeLessThanOrEqual(31 * 1024 + 2);
    for (const id of ids) {
      const seqs = events.filter((event) => event.conversationId === id && event.seq !== undefined);
      expect(seqs.map((event) => event.seq)).toEqual(Array.from({ length: 24 }, (_, index) => index + 2));
    }
    expect(timeless((await overSocket(alice, { resume: positions })).events)).toEqual(timeless(events));
  });

  it('returns all entries when they are too large for one query', async () => {
    const { alice, bob } = await castOf(test, 'large', { messagesPerMinute: null, textLength: 10_000 });
    const id = await conversationOf(test, alice, bob);
    const count = 30;
    for (let index = 0; index < count; index += 1) await send(alice, id, '👋'.repeat(9_990));
    const history = await ask(bob, 'GET', `/conversations/${id}/messages?limit=100&after=0`);
    expect(history.items).toHaveLength(count);
    const { events } = await overSocket(bob, { resume: { [id]: 0 } });
    const seqs = events.flatMap((event) => (event.seq === undefined ? [] : [event.seq]));
    expect(seqs).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  });

  it('returns a snapshot for a position that the log does not have, even beyond its end', async () => {
    const { alice, bob } = await castOf(test, 'future');
    const id = await conversationOf(test, alice, bob);
    for (let count = 1; count <= 12; count += 1) await send(alice, id, `${count} ${'x'.repeat(1900)}`);
    await send(alice, id, 'y'.repeat(2000));
    await test.run.settled();
    const conversation = await ask(bob, 'GET', `/conversations/${id}`);
    const { items } = await ask(bob, 'GET', `/conversations/${id}/messages`);
    const tables = new Tables(test.run);
    const { pk } = keys.conversation(id);
    const remove = (seq: number) => tables.delete(`${tenantPrefix}${alice.tenantId}#${pk}`, keys.logEntry(id, seq).sk);

    const expectSnapshot = (events: readonly Frame[]) => {
      expect(events).toHaveLength(1);
      expect(events[0]).toMatchObject({ v: 1, type: 'snapshot.required', conversationId: id });
      expect(events[0]).not.toHaveProperty('seq');
      const { data } = events[0];
      expect(data.conversation).toEqual(conversation);
      expect(data.messages).toEqual(items.slice(-data.messages.length));
      expect(data.covers).toEqual({ after: data.messages[0].seq - 1, through: 13 });
    };
    for (const position of [14, 999_999_999_999]) {
      expectSnapshot((await overSocket(bob, { resume: { [id]: position } })).events);
      expectSnapshot((await overHttp(bob, { [id]: position })).events);
    }
    expect((await overSocket(bob, { resume: { [id]: 13 } })).events.map((event) => event.type)).toEqual([
      'receipt.updated',
    ]);

    await remove(1);
    await remove(2);
    expectSnapshot((await overSocket(bob, { resume: { [id]: 0 } })).events);
    const { events } = await overHttp(bob, { [id]: 2 });
    expect(events[0]).toMatchObject({ type: 'message.created', seq: 3 });
  });

  it('returns the conversations that a user joined or left since a sync token', async () => {
    const { alice, bob, carol } = await castOf(test, 'came');
    const first = await overSocket(alice, {});
    expect(first.events).toEqual([]);
    const ids = [await conversationOf(test, bob, alice), await conversationOf(test, carol, alice)];
    const created = await overSocket(alice, { since: first.welcome.data.since });
    expect(created.events).toEqual(
      await Promise.all(
        ids.map(async (id) => {
          const data = await ask(alice, 'GET', `/conversations/${id}`);
          return { v: 1, type: 'conversation.created', conversationId: id, at: data.createdAt, data };
        }),
      ),
    );
    expect((await overHttp(alice, {}, first.since)).events).toEqual(created.events);
    const without = await overHttp(alice, {});
    expect([without.events, typeof without.since]).toEqual([[], 'string']);
    const tables = new Tables(test.run);
    const { pk, sk } = keys.membership(alice.userId, ids[0] ?? '');
    await tables.set(`${tenantPrefix}${alice.tenantId}#${pk}`, sk, 'leftAt', Date.now());
    const left = await overHttp(alice, {}, without.since);
    expect(left.events.map(({ type, conversationId }) => [type, conversationId])).toEqual([
      ['conversation.created', ids[1]],
      ['conversation.removed', ids[0]],
    ]);
  });

  it('rejects invalid positions and accepts any token', async () => {
    const { alice } = await castOf(test, 'wrong');
    const status = async (query: string) =>
      (await call(test.url, 'GET', `/api/v1/sync?${query}`, { token: alice.token })).status;
    const id = ulid();
    for (const wrong of [
      '',
      id,
      `${id}:`,
      `${id}:-1`,
      `${id}:1.5`,
      `${id}:1,`,
      `${id}:01`,
      `${id}:${'9'.repeat(13)}`,
    ]) {
      expect([wrong, await status(`positions=${wrong}`)]).toEqual([wrong, 422]);
    }
    const many = (count: number) => Array.from({ length: count }, () => `${ulid()}:0`).join(',');
    expect([await status(`positions=${many(100)}`), await status(`positions=${many(101)}`)]).toEqual([200, 422]);
    expect([await status('since=whatever'), await status('since=%00')]).toEqual([200, 422]);
  });
});
