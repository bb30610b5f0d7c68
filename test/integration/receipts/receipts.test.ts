import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { type Cast, castOf, connect, conversationOf } from '../people.ts';
import { call, type Frame, type SignedIn } from '../raw-client.ts';

let test: TestRun;
let casts = 0;

beforeAll(async () => {
  test = await sharedTestRun();
});

afterAll(() => test.stop());

/** A separate tenant has independent unread counts. */
function newCast(): Promise<Cast> {
  casts += 1;
  return castOf(test, `receipts-${casts}`);
}

function ask(who: SignedIn, method: string, path: string, body?: unknown) {
  return call(test.url, method, `/api/v1/conversations${path}`, {
    token: who.token,
    ...(body === undefined ? {} : { body }),
  });
}

async function write(who: SignedIn, id: string, text = 'x'): Promise<number> {
  const answer = await ask(who, 'POST', `/${id}/messages`, { type: 'text', text, clientMessageId: ulid() });
  expect(answer.status, answer.text).toBe(201);
  return answer.body.seq as number;
}

async function receipt(who: SignedIn, id: string, update: object) {
  const answer = await ask(who, 'POST', `/${id}/receipts`, update);
  expect(answer.status, answer.text).toBe(200);
  return answer.body as { deliveredSeq: number; readSeq: number; unreadCount: number };
}

async function unreadIn(who: SignedIn, id: string): Promise<number> {
  return (await ask(who, 'GET', `/${id}`)).body.unreadCount as number;
}

async function statusesSeenBy(who: SignedIn, id: string): Promise<string[]> {
  const { body } = await ask(who, 'GET', `/${id}/messages`);
  return body.items.map((message: { status: string }) => message.status);
}

const isReceipt = (frame: Frame) => frame.type === 'receipt.updated';

describe('a receipt', () => {
  it('only moves watermarks forward and returns the current state', async () => {
    const { alice, bob } = await newCast();
    const id = await conversationOf(test, alice, bob);
    for (let count = 0; count < 4; count += 1) await write(alice, id);
    expect(await receipt(bob, id, { deliveredSeq: 3 })).toEqual({
      conversationId: id,
      deliveredSeq: 3,
      readSeq: 0,
      unreadCount: 4,
      lastSeq: 4,
    });
    expect(await receipt(bob, id, { readSeq: 2 })).toMatchObject({ deliveredSeq: 3, readSeq: 2, unreadCount: 2 });
    expect(await receipt(bob, id, { readSeq: 1 })).toMatchObject({ deliveredSeq: 3, readSeq: 2, unreadCount: 2 });
    expect(await receipt(bob, id, { deliveredSeq: 1 })).toMatchObject({ deliveredSeq: 3, readSeq: 2 });
    expect(await receipt(bob, id, { readSeq: 4 })).toMatchObject({ deliveredSeq: 4, readSeq: 4, unreadCount: 0 });
    expect((await ask(alice, 'GET', `/${id}`)).body.participants).toContainEqual(
      expect.objectContaining({ userId: bob.userId, deliveredSeq: 4, readSeq: 4 }),
    );
  });

  it('has the same result whatever the order of concurrent receipts', async () => {
    const { alice, bob } = await newCast();
    const id = await conversationOf(test, alice, bob);
    for (let count = 0; count < 6; count += 1) await write(alice, id);
    await Promise.all(
      [3, 6, 1, 5, 2, 4].map((seq) => receipt(bob, id, seq % 2 === 0 ? { readSeq: seq } : { deliveredSeq: seq })),
    );
    expect(await receipt(bob, id, { deliveredSeq: 1 })).toMatchObject({ deliveredSeq: 6, readSeq: 6, unreadCount: 0 });
  });

  it.each(['deliveredSeq', 'readSeq', 'unreadFrom'])('is rejected beyond the end of the log: %s', async (name) => {
    const { alice, bob } = await newCast();
    const id = await conversationOf(test, alice, bob);
    const empty = await ask(bob, 'POST', `/${id}/receipts`, { [name]: 1 });
    expect(empty).toMatchObject({ status: 422, body: { code: 'POSITION_BEYOND_END' } });
    const seq = await write(alice, id);
    // The function's environment may have an older cache.
    expect(await receipt(bob, id, { [name]: seq })).toMatchObject({ unreadCount: name === 'readSeq' ? 0 : 1 });
    const socket = await connect(test, bob);
    const frame = await socket.request('receipt.update', { conversationId: id, [name]: seq + 1 });
    expect(frame).toMatchObject({ problem: { code: 'POSITION_BEYOND_END', errors: [{ pointer: `/data/${name}` }] } });
    await socket.close();
  });

  it('is rejected when it is empty or contradicts itself', async () => {
    const { alice, bob } = await newCast();
    const id = await conversationOf(test, alice, bob);
    const seq = await write(alice, id);
    for (const body of [{}, { readSeq: seq, unreadFrom: seq }, { readSeq: 0 }, { readSeq: 1.5 }]) {
      expect((await ask(bob, 'POST', `/${id}/receipts`, body)).status, JSON.stringify(body)).toBe(422);
    }
  });

  it('reaches the other user and the sender’s other devices once, but not the sending device', async () => {
    const { alice, bob } = await newCast();
    const id = await conversationOf(test, alice, bob);
    const seq = await write(alice, id);
    const [reader, tablet, writer] = [await connect(test, bob), await connect(test, bob), await connect(test, alice)];
    const ack = await reader.request('receipt.update', { conversationId: id, readSeq: seq });
    expect(ack).toMatchObject({
      type: 'ack',
      data: { conversationId: id, readSeq: seq, unreadCount: 0, lastSeq: seq },
    });
    const receipts = [{ userId: bob.userId, deliveredSeq: seq, readSeq: seq }];
    const event = await writer.frame(isReceipt);
    expect(event).toMatchObject({ v: 1, conversationId: id, data: { receipts } });
    expect(event).not.toHaveProperty('seq');
    expect(event.data).not.toHaveProperty('unreadCount');
    expect(await tablet.frame(isReceipt)).toMatchObject({ data: { receipts, unreadCount: 0, lastSeq: seq } });

    // A receipt without an effect is not sent.
    await reader.request('receipt.update', { conversationId: id, readSeq: seq });
    const next = await write(alice, id);
    await reader.request('receipt.update', { conversationId: id, deliveredSeq: next });
    await writer.frame((frame) => isReceipt(frame) && frame.data.receipts[0].deliveredSeq === next);
    await test.run.settled();
    expect(writer.frames.filter(isReceipt)).toHaveLength(2);
    expect(reader.frames.filter(isReceipt)).toHaveLength(0);
    await Promise.all([reader.close(), tablet.close(), writer.close()]);
  });
});

describe('the cost of a receipt', () => {
  it('is one write if it has an effect, and none otherwise or for typing', async () => {
    const { alice, bob } = await newCast();
    const id = await conversationOf(test, alice, bob);
    const seq = await write(alice, id);
    const socket = await connect(test, bob);
    await test.run.settled();
    const writesOf = async (action: string, data: object) => {
      const since = test.run.recorder.calls().at(-1)?.id ?? 0;
      expect(await socket.request(action, { conversationId: id, ...data })).toMatchObject({ type: 'ack' });
      await test.run.settled();
      const calls = test.run.recorder.calls(since).filter(({ service }) => service === 'dynamodb');
      return calls.reduce((sum, { writeUnits }) => sum + writeUnits, 0);
    };
    expect(await writesOf('receipt.update', { readSeq: seq })).toBe(1);
    expect(await writesOf('receipt.update', { readSeq: seq, deliveredSeq: seq })).toBe(0);
    expect(await writesOf('typing.start', {})).toBe(0);
    await socket.close();
  });
});

describe('an unread mark', () => {
  it('counts exactly the messages of others from its position on, only for the user’s devices, until they are read', async () => {
    const { alice, bob } = await newCast();
    const id = await conversationOf(test, alice, bob);
    for (const who of [alice, alice, bob, alice, alice]) await write(who, id);
    await receipt(bob, id, { readSeq: 4 });
    const [phone, writer] = [await connect(test, bob), await connect(test, alice)];
    expect(await receipt(bob, id, { unreadFrom: 2 })).toMatchObject({ readSeq: 4, unreadCount: 3 });
    expect(await phone.frame(isReceipt)).toMatchObject({ data: { receipts: [{ readSeq: 4 }], unreadCount: 3 } });
    expect(await unreadIn(bob, id)).toBe(3);
    await test.run.settled();
    expect(await unreadIn(bob, id)).toBe(3);
    expect(await receipt(bob, id, { unreadFrom: 5 })).toMatchObject({ readSeq: 4, unreadCount: 1 });
    expect(await receipt(bob, id, { unreadFrom: 1 })).toMatchObject({ readSeq: 4, unreadCount: 4 });
    expect(await receipt(bob, id, { readSeq: 4 })).toMatchObject({ readSeq: 4, unreadCount: 1 });
    await receipt(bob, id, { unreadFrom: 1 });
    await write(bob, id);
    expect(await unreadIn(bob, id)).toBe(0);
    await test.run.settled();
    expect(await unreadIn(bob, id)).toBe(0);
    expect(writer.frames.filter(isReceipt)).toHaveLength(0);
    await Promise.all([phone.close(), writer.close()]);
  });

  it('stays when it directly follows a message of the same user', async () => {
    const { alice, bob } = await newCast();
    const id = await conversationOf(test, alice, bob);
    await write(alice, id);
    await write(alice, id);
    await write(bob, id);
    expect(await receipt(bob, id, { unreadFrom: 2 })).toMatchObject({ readSeq: 3, unreadCount: 1 });
    await test.run.settled();
    expect(await unreadIn(bob, id)).toBe(1);
  });
});

describe('an unread count', () => {
  it('is exact directly after a receipt, and includes only messages of others', async () => {
    const { alice, bob, carol } = await newCast();
    const withAlice = await conversationOf(test, alice, bob);
    const withCarol = await conversationOf(test, carol, bob);
    const first = await write(alice, withAlice);
    await write(alice, withAlice);
    await write(carol, withCarol);
    await ask(alice, 'PATCH', `/${withAlice}/messages/${first}`, { text: 'edited' });
    await ask(alice, 'PUT', `/${withAlice}/messages/${first}/reactions/${encodeURIComponent('👍')}`);
    const total = async () => (await ask(bob, 'GET', '/unread-count')).body as unknown;
    await test.run.settled();
    expect(await total()).toEqual({ messages: 3, conversations: 2 });
    await ask(alice, 'DELETE', `/${withAlice}/messages/${first}`);
    await test.run.settled();
    expect(await total()).toEqual({ messages: 3, conversations: 2 });
    await receipt(bob, withAlice, { readSeq: first });
    expect(await total()).toEqual({ messages: 2, conversations: 2 });
    await receipt(bob, withCarol, { readSeq: 1 });
    expect(await total()).toEqual({ messages: 1, conversations: 1 });
    await write(bob, withAlice);
    expect(await unreadIn(bob, withAlice)).toBe(0);
    await test.run.settled();
    expect(await total()).toEqual({ messages: 0, conversations: 0 });
  });

  it('considers the user’s own message before it is projected, even far behind the newest ones', async () => {
    const { alice, bob } = await newCast();
    const id = await conversationOf(test, alice, bob);
    await write(bob, id);
    for (let count = 0; count < 12; count += 1) await write(alice, id);
    expect(await unreadIn(bob, id)).toBe(12);
    expect(await receipt(bob, id, { deliveredSeq: 2 })).toMatchObject({ unreadCount: 12 });
  });
});

describe('a message’s status', () => {
  it('is the lowest status of all recipients', async () => {
    const { alice, bob } = await newCast();
    const id = await conversationOf(test, alice, bob);
    for (let count = 0; count < 3; count += 1) await write(alice, id);
    expect(await statusesSeenBy(alice, id)).toEqual(['sent', 'sent', 'sent']);
    await receipt(bob, id, { deliveredSeq: 2, readSeq: 1 });
    expect(await statusesSeenBy(alice, id)).toEqual(['read', 'delivered', 'sent']);
    expect(await statusesSeenBy(bob, id)).toEqual(['read', 'delivered', 'sent']);
    expect((await ask(alice, 'GET', `/${id}/messages/2`)).body.status).toBe('delivered');
    await receipt(bob, id, { readSeq: 3 });
    expect((await ask(alice, 'GET', `/${id}`)).body.lastMessage.status).toBe('read');
    await test.run.settled();
    expect((await ask(alice, 'GET', '')).body.items[0].lastMessage.status).toBe('read');
  });
});

describe('typing', () => {
  it('reaches the other user live and is not stored', async () => {
    const { alice, bob, carol } = await newCast();
    const id = await conversationOf(test, alice, bob);
    await conversationOf(test, alice, carol);
    const sockets = [await connect(test, alice), await connect(test, bob), await connect(test, carol)] as const;
    const [writer, reader, stranger] = sockets;
    expect(await writer.request('typing.start', { conversationId: id })).toMatchObject({ type: 'ack', data: {} });
    const started = await reader.frame((frame) => frame.type === 'typing.started');
    expect(started).toMatchObject({ v: 1, conversationId: id, data: { userId: alice.userId } });
    expect(started).not.toHaveProperty('seq');
    expect(await writer.request('typing.stop', { conversationId: id })).toMatchObject({ type: 'ack' });
    await reader.frame((frame) => frame.type === 'typing.stopped');
    expect((await ask(bob, 'POST', `/${id}/typing`, { typing: true })).status).toBe(204);
    await writer.frame((frame) => frame.type === 'typing.started' && frame.data.userId === bob.userId);
    expect(reader.frames.filter((frame) => frame.type.startsWith('typing.'))).toHaveLength(2);
    expect(stranger.frames.filter((frame) => frame.type.startsWith('typing.'))).toHaveLength(0);
    expect((await ask(alice, 'GET', `/${id}`)).body.lastSeq).toBe(0);
    expect((await ask(carol, 'POST', `/${id}/typing`, { typing: true })).status).toBe(404);
    await Promise.all(sockets.map((socket) => socket.close()));
  });
});
