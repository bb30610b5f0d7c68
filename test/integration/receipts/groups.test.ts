import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keys } from '../../../shared/core/table/keys.ts';
import { tenantPrefix } from '../../../shared/core/tenancy/tenant-scope.ts';
import { groupCalls } from '../groups/group-calls.ts';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { castOf, connect } from '../people.ts';
import { call, isOfPresence, type Frame, type SignedIn } from '../raw-client.ts';
import { Tables } from '../system/tables.ts';

let test: TestRun;

beforeAll(async () => {
  test = await sharedTestRun();
});

afterAll(() => test.stop());

function ask(who: SignedIn, method: string, path: string, body?: unknown) {
  return call(test.url, method, `/api/v1/conversations${path}`, {
    token: who.token,
    ...(body === undefined ? {} : { body }),
  });
}

async function write(who: SignedIn, id: string): Promise<number> {
  const body = { type: 'text', text: 'x', clientMessageId: ulid() };
  const answer = await ask(who, 'POST', `/${id}/messages`, body);
  expect(answer.status, answer.text).toBe(201);
  return answer.body.seq as number;
}

const isReceipt = (frame: Frame) => frame.type === 'receipt.updated';

describe('a receipt in a group', () => {
  it('counts for the status with all recipients and is sent to all participants', async () => {
    const { alice, bob, carol } = await castOf(test, 'group-status');
    const groups = groupCalls(test);
    const id = await groups.started(alice, [bob]);
    const seq = await write(alice, id);
    const statusOf = async () => (await ask(alice, 'GET', `/${id}/messages/${seq}`)).body.status as string;
    expect((await ask(bob, 'POST', `/${id}/receipts`, { readSeq: seq })).body).toMatchObject({ unreadCount: 0 });
    expect(await statusOf()).toBe('read');
    // A new participant did not receive the message.
    await groups.add(alice, id, [{ userId: carol.userId }]);
    expect(await statusOf()).toBe('read');
    const socket = await connect(test, carol);
    const next = await write(alice, id);
    await ask(bob, 'POST', `/${id}/receipts`, { deliveredSeq: next });
    expect((await socket.frame(isReceipt)).data.receipts).toEqual([
      { userId: bob.userId, deliveredSeq: next, readSeq: seq },
    ]);
    expect((await ask(alice, 'GET', `/${id}/messages/${next}`)).body.status).toBe('sent');
    await ask(carol, 'POST', `/${id}/receipts`, { readSeq: next });
    expect((await ask(alice, 'GET', `/${id}/messages/${next}`)).body.status).toBe('delivered');
    await socket.close();
  });

  it('ignores system messages and messages from before joining, unless an unread mark includes them', async () => {
    const { alice, bob, carol } = await castOf(test, 'group-unread');
    const groups = groupCalls(test);
    const id = await groups.started(alice, [bob]);
    const early = await write(alice, id);
    await write(bob, id);
    await groups.add(alice, id, [{ userId: carol.userId }]);
    const unread = async () => (await ask(carol, 'GET', `/${id}`)).body.unreadCount as number;
    expect(await unread()).toBe(0);
    await write(alice, id);
    await groups.change(alice, id, { name: 'Other crew' });
    expect(await unread()).toBe(1);
    await test.run.settled();
    expect((await ask(carol, 'GET', '/unread-count')).body).toEqual({ messages: 1, conversations: 1 });
    expect((await ask(carol, 'POST', `/${id}/receipts`, { unreadFrom: early })).body.unreadCount).toBe(3);
    expect(await unread()).toBe(3);
    expect((await ask(carol, 'GET', '/unread-count')).body).toEqual({ messages: 3, conversations: 1 });
    await groups.remove(alice, id, carol.userId);
    await write(bob, id);
    await groups.add(alice, id, [{ userId: carol.userId }]);
    expect(await unread()).toBe(0);
  });

  it('is limited to participants, like typing, even when a function has cached the removed one', async () => {
    const { alice, bob, carol } = await castOf(test, 'group-removed');
    const groups = groupCalls(test);
    const id = await groups.started(alice, [bob, carol]);
    const seq = await write(alice, id);
    const [reader, removed] = [await connect(test, bob), await connect(test, carol)];
    // This environment has cached the group with Carol.
    for (const socket of [reader, removed]) {
      expect(await socket.request('receipt.update', { conversationId: id, deliveredSeq: seq })).toMatchObject({
        type: 'ack',
      });
    }
    await groups.remove(alice, id, carol.userId);
    await test.run.settled();
    const before = removed.frames.length;
    for (const [action, data] of [
      ['receipt.update', { readSeq: seq }],
      ['typing.start', {}],
    ] as const) {
      expect(await removed.request(action, { conversationId: id, ...data })).toMatchObject({
        problem: { code: 'CONVERSATION_NOT_FOUND' },
      });
      expect(await reader.request(action, { conversationId: id, ...data })).toMatchObject({ type: 'ack' });
    }
    await test.run.settled();
    const since = removed.frames.slice(before).filter((frame) => !isOfPresence(frame));
    expect(since.map(({ type }) => type as string)).toEqual(['error', 'error']);
    expect(reader.frames.filter(({ type }) => type === 'typing.started')).toEqual([]);
    await Promise.all([reader.close(), removed.close()]);
  });

  it('is sent only to the user’s own devices in a group of more than fifty', async () => {
    const { alice, bob, carol } = await castOf(test, 'group-large');
    const groups = groupCalls(test);
    const id = await groups.started(alice, [bob, carol]);
    const seq = await write(alice, id);
    // Accounts are expensive to create.
    const tables = new Tables(test.run);
    const { pk, sk } = keys.conversation(id);
    const stored = await tables.get(`${tenantPrefix}${alice.tenantId}#${pk}`, sk);
    const participant = { r: 'm', q: 0, n: 0, v: 1, t: Date.now() };
    const crowd = Object.fromEntries(Array.from({ length: 48 }, () => [ulid(), participant]));
    const members = { ...(stored?.['members'] as object), ...crowd };
    await tables.set(`${tenantPrefix}${alice.tenantId}#${pk}`, sk, 'members', members);
    await test.run.functions.recycle();

    const [reader, tablet, writer] = [await connect(test, bob), await connect(test, bob), await connect(test, alice)];
    const ack = await reader.request('receipt.update', { conversationId: id, readSeq: seq });
    expect(ack).toMatchObject({ type: 'ack', data: { readSeq: seq, unreadCount: 0 } });
    expect(await reader.request('typing.start', { conversationId: id })).toMatchObject({ type: 'ack' });
    await tablet.frame(isReceipt);
    await test.run.settled();
    expect(writer.frames.filter((frame) => !isOfPresence(frame))).toEqual([]);
    await ask(carol, 'POST', `/${id}/receipts`, { readSeq: seq });
    expect((await ask(alice, 'GET', `/${id}/messages/${seq}`)).body.status).toBe('sent');
    await Promise.all([reader.close(), tablet.close(), writer.close()]);
  });
});
