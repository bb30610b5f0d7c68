import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestRun } from './harness.ts';
import { sharedTestRun } from './shared-run.ts';
import { type Cast, castOf, connect, conversationOf } from './people.ts';
import { call } from './raw-client.ts';

let test: TestRun;
let cast: Cast;

beforeAll(async () => {
  test = await sharedTestRun();
  cast = await castOf(test, 'messaging');
});

afterAll(() => test.stop());

function newMessage(text: string, clientMessageId = ulid()) {
  return { type: 'text', text, clientMessageId };
}

async function send(token: string, conversationId: string, body: unknown) {
  return call(test.url, 'POST', `/api/v1/conversations/${conversationId}/messages`, { token, body });
}

async function history(token: string, conversationId: string, query = '') {
  return call(test.url, 'GET', `/api/v1/conversations/${conversationId}/messages${query}`, { token });
}

describe('a direct conversation', () => {
  it('is created once, even when both users start it at the same time', async () => {
    const starts = await Promise.all(
      Array.from({ length: 6 }, (_, index) => {
        const [from, to] = index % 2 === 0 ? [cast.alice, cast.bob] : [cast.bob, cast.alice];
        const body = { kind: 'direct', userId: to.userId };
        return call(test.url, 'POST', '/api/v1/conversations', { token: from.token, body });
      }),
    );
    expect(new Set(starts.map((answer) => answer.body.id)).size).toBe(1);
    expect(starts.map((answer) => answer.status).sort()).toEqual([200, 200, 200, 200, 200, 201]);
  });

  it('is announced to the sockets of both users', async () => {
    const [alice, carol] = await Promise.all([connect(test, cast.alice), connect(test, cast.carol)]);
    const id = await conversationOf(test, cast.alice, cast.carol);
    for (const socket of [alice, carol]) {
      const frame = await socket.frame(({ type }) => type === 'conversation.created');
      expect(frame).toMatchObject({
        v: 1,
        conversationId: id,
        data: { id, kind: 'direct', lastSeq: 0, unreadCount: 0 },
      });
      expect(frame).not.toHaveProperty('seq');
    }
    await Promise.all([alice.close(), carol.close()]);
  });

  it('cannot be started with oneself or with an unknown user', async () => {
    const start = (userId: string) =>
      call(test.url, 'POST', '/api/v1/conversations', { token: cast.alice.token, body: { kind: 'direct', userId } });
    expect(await start(cast.alice.userId)).toMatchObject({ status: 422, body: { code: 'CONVERSATION_WITH_SELF' } });
    expect(await start(ulid())).toMatchObject({ status: 404, body: { code: 'USER_NOT_FOUND' } });
  });

  it('shows its newest entry, unread count and activity in lists and alone', async () => {
    const inbox = await castOf(test, 'inbox');
    const first = await conversationOf(test, inbox.alice, inbox.bob);
    const second = await conversationOf(test, inbox.alice, inbox.carol);
    await send(inbox.bob.token, first, newMessage('one'));
    await send(inbox.bob.token, first, newMessage('two'));
    await send(inbox.alice.token, second, newMessage('mine'));
    await test.run.settled();

    const list = await call(test.url, 'GET', '/api/v1/conversations', { token: inbox.alice.token });
    expect(list.body.items.map((item: { id: string }) => item.id)).toEqual([second, first]);
    expect(list.body.items).toMatchObject([
      { lastSeq: 1, unreadCount: 0, lastMessage: { text: 'mine' } },
      { lastSeq: 2, unreadCount: 2, lastMessage: { text: 'two', senderId: inbox.bob.userId } },
    ]);
    for (const conversation of list.body.items) {
      const single = await call(test.url, 'GET', `/api/v1/conversations/${conversation.id}`, {
        token: inbox.alice.token,
      });
      expect(single.body).toEqual(conversation);
    }

    const page = await call(test.url, 'GET', '/api/v1/conversations?limit=1', { token: inbox.alice.token });
    const cursor = encodeURIComponent(page.body.nextCursor);
    const next = await call(test.url, 'GET', `/api/v1/conversations?limit=1&cursor=${cursor}`, {
      token: inbox.alice.token,
    });
    expect([page.body.items[0].id, next.body.items[0].id, next.body.nextCursor]).toEqual([second, first, null]);
    const stolen = await call(test.url, 'GET', `/api/v1/conversations?cursor=${cursor}`, { token: inbox.bob.token });
    expect(stolen).toMatchObject({ status: 400, body: { code: 'INVALID_CURSOR' } });
  });
});

describe('a message', () => {
  it('is the same in the other user’s frame, in the sender’s other tab and in the history', async () => {
    const id = await conversationOf(test, cast.alice, cast.bob);
    const [alice, tab, bob] = await Promise.all([
      connect(test, cast.alice),
      connect(test, cast.alice),
      connect(test, cast.bob),
    ]);
    const data = { conversationId: id, ...newMessage('Grüße 👋 مرحبا') };
    const ack = await alice.request('message.send', data);
    expect(ack).toMatchObject({ type: 'ack', data: { ...data, senderId: cast.alice.userId, status: 'sent' } });

    const isIt = (frame: { type: string; data: { clientMessageId: string } }) =>
      frame.type === 'message.created' && frame.data.clientMessageId === data.clientMessageId;
    const live = await bob.frame(isIt);
    expect(live).toEqual({
      v: 1,
      type: 'message.created',
      conversationId: id,
      seq: ack.data.seq,
      at: ack.data.createdAt,
      data: ack.data,
    });
    expect(await tab.frame(isIt)).toEqual(live);
    const listed = await history(cast.bob.token, id, '?limit=1');
    expect(listed.body.items).toEqual([ack.data]);
    const single = await call(test.url, 'GET', `/api/v1/conversations/${id}/messages/${ack.data.seq}`, {
      token: cast.bob.token,
    });
    expect(single.body).toEqual(ack.data);
    await test.run.settled();
    expect(alice.frames.filter((frame) => frame.type === 'message.created')).toEqual([]);
    await Promise.all([alice.close(), tab.close(), bob.close()]);
  });

  it('reaches sockets when it is sent over HTTP, and a repeated request returns it with status 200', async () => {
    const id = await conversationOf(test, cast.alice, cast.bob);
    const bob = await connect(test, cast.bob);
    const body = newMessage('over HTTP');
    const first = await send(cast.alice.token, id, body);
    const again = await send(cast.alice.token, id, body);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
    expect((await bob.frame((frame) => frame.data?.clientMessageId === body.clientMessageId)).data).toEqual(first.body);
    const conflict = await send(cast.alice.token, id, { ...body, text: 'something else' });
    expect(conflict).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_CONFLICT', retryable: false } });
    await bob.close();
  });

  it('keeps its position when twenty frames are sent without waiting', async () => {
    const id = await conversationOf(test, cast.bob, cast.carol);
    const bob = await connect(test, cast.bob);
    const acks = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        bob.request('message.send', { conversationId: id, ...newMessage(`${index}`) }),
      ),
    );
    const listed = await history(cast.carol.token, id);
    expect(listed.body.items.map(({ seq }: { seq: number }) => seq)).toEqual(acks.map((_, index) => index + 1));
    for (const ack of acks) expect(listed.body.items[ack.data.seq - 1]).toEqual(ack.data);
    await bob.close();
  });

  it('is rejected with the server’s time when the client’s clock is wrong', async () => {
    const id = await conversationOf(test, cast.alice, cast.bob);
    for (const wrong of [Date.now() + 180_000, Date.now() - 31 * 24 * 3_600_000]) {
      const answer = await send(cast.alice.token, id, newMessage('when?', ulid(wrong)));
      expect(answer).toMatchObject({ status: 422, body: { code: 'CLOCK_SKEW' } });
      expect(Math.abs(Date.parse(answer.body.serverTime) - Date.now())).toBeLessThan(60_000);
    }
  });

  it('is found by its old id, even far beyond the cache of a warm function', async () => {
    const id = await conversationOf(test, cast.alice, cast.carol);
    const old = newMessage('from a phone that was off', ulid(Date.now() - 9 * 24 * 3_600_000));
    const first = await send(cast.alice.token, id, old);
    for (let count = 0; count < 40; count += 1) await send(cast.carol.token, id, newMessage(`${count}`));
    await test.run.functions.recycle();
    const again = await send(cast.alice.token, id, old);
    expect([first.status, again.status, again.body.seq]).toEqual([201, 200, first.body.seq]);
  });
});

describe('a tenant’s limit of messages', () => {
  it('allows ten in a rolling minute over both transports, with the time to wait', async () => {
    const limited = await castOf(test, 'limited', { messagesPerMinute: 10, textLength: 5 });
    const id = await conversationOf(test, limited.alice, limited.bob);
    const socket = await connect(test, limited.alice);
    const long = await send(limited.alice.token, id, newMessage('👋'.repeat(6)));
    expect(long).toMatchObject({
      status: 422,
      body: { code: 'MESSAGE_TOO_LONG', errors: [{ pointer: '/body/text' }] },
    });
    for (let count = 0; count < 10; count += 1) {
      const body = newMessage('👋'.repeat(5));
      if (count % 2 === 0) expect((await send(limited.alice.token, id, body)).status).toBe(201);
      else expect((await socket.request('message.send', { conversationId: id, ...body })).type).toBe('ack');
    }
    const http = await send(limited.alice.token, id, newMessage('x'));
    expect(http).toMatchObject({ status: 429, body: { code: 'THROTTLED', retryable: true } });
    expect(http.body.retryAfterMs).toBeGreaterThan(0);
    expect(http.body.retryAfterMs).toBeLessThanOrEqual(60_000);
    expect(Number(http.headers.get('retry-after'))).toBe(Math.ceil(http.body.retryAfterMs / 1000));
    const frame = await socket.request('message.send', { conversationId: id, ...newMessage('x') });
    expect(frame).toMatchObject({ type: 'error', problem: { code: 'THROTTLED', retryable: true } });
    expect((await send(limited.bob.token, id, newMessage('x'))).status).toBe(201);
    await socket.close();
  });
});

describe('the history', () => {
  it('is returned completely by pages in every direction', async () => {
    const people = await castOf(test, 'pages');
    const id = await conversationOf(test, people.alice, people.bob);
    for (let count = 1; count <= 25; count += 1) await send(people.alice.token, id, newMessage(`${count}`));
    const seqs = (answer: { body: { items: { seq: number }[] } }) => answer.body.items.map(({ seq }) => seq);
    const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

    const newest = await history(people.bob.token, id, '?limit=10');
    expect(seqs(newest)).toEqual(range(16, 25));
    const older = await history(people.bob.token, id, `?limit=10&before=${newest.body.nextCursor}`);
    expect(seqs(older)).toEqual(range(6, 15));
    const oldest = await history(people.bob.token, id, `?limit=10&before=${older.body.nextCursor}`);
    expect([seqs(oldest), oldest.body.nextCursor]).toEqual([range(1, 5), null]);
    const forward = await history(people.bob.token, id, '?limit=20&after=3');
    expect([seqs(forward), forward.body.nextCursor]).toEqual([range(4, 23), '23']);
    expect(seqs(await history(people.bob.token, id, '?limit=20&from=23'))).toEqual([24, 25]);
    expect(seqs(await history(people.bob.token, id, '?limit=5&around=12'))).toEqual(range(10, 14));
    expect(seqs(await history(people.bob.token, id, '?after=25'))).toEqual([]);
    expect((await history(people.bob.token, id, '?after=1&before=9')).status).toBe(422);
  });
});

describe('a client that resumes', () => {
  it('receives everything since its positions, in order, in pages that fit into a frame', async () => {
    const people = await castOf(test, 'resume');
    const id = await conversationOf(test, people.alice, people.bob);
    const sent: unknown[] = [];
    for (let count = 1; count <= 60; count += 1) {
      const answer = await send(people.alice.token, id, newMessage(`${count} ${'x'.repeat(1500)}`));
      sent.push(answer.body);
    }
    const bob = await connect(test, people.bob);
    const welcome = await bob.request('hello', { resume: { [id]: 10, [ulid()]: 0 } });
    expect(welcome).toMatchObject({
      type: 'welcome',
      data: { limits: { frameBytes: 32_768, messagesPerMinute: null } },
    });
    await bob.frame((frame) => frame.type === 'sync.page' && frame.data.complete === true);
    const pages = bob.frames.filter((frame) => frame.type === 'sync.page');
    expect(pages.length).toBeGreaterThan(2);
    for (const page of pages) expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThanOrEqual(32_768);
    const events = pages.flatMap((page) => page.data.events);
    const lasting = events.filter((event: { seq?: number }) => event.seq !== undefined);
    expect(lasting.map((event: { data: unknown }) => event.data)).toEqual(sent.slice(10));
    await bob.close();
  });
});
