import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../../shared/contract/schemas/message.ts';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { type Cast, castOf, connect, conversationOf } from '../people.ts';
import { call } from '../raw-client.ts';
import { groupCalls } from './group-calls.ts';

let test: TestRun;
let cast: Cast;
let foreign: Cast;
let groups: ReturnType<typeof groupCalls>;

beforeAll(async () => {
  test = await sharedTestRun();
  [cast, foreign] = await Promise.all([castOf(test, 'groups'), castOf(test, 'strangers')]);
  groups = groupCalls(test);
});

afterAll(() => test.stop());

const newMessage = (text: string) => ({ type: 'text', text, clientMessageId: ulid() });
const named = ({ userId }: { userId: string }) => ({ userId });

describe('a new group', () => {
  it('has a name, its creator as admin, the other participants as members, and a system message about this', async () => {
    const { alice, bob, carol } = cast;
    const answer = await groups.create(alice, {
      name: '  Harbour team ',
      participants: [named(bob), { email: 'CAROL@groups.test' }, named(bob), named(alice)],
    });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ kind: 'group', name: 'Harbour team', history: 'full', lastSeq: 1 });
    expect(groups.roles(answer)).toEqual({
      [alice.userId]: 'admin',
      [bob.userId]: 'member',
      [carol.userId]: 'member',
    });
    expect(answer.body.lastMessage).toMatchObject({
      seq: 1,
      type: 'system',
      senderId: alice.userId,
      system: { kind: 'created', name: 'Harbour team', userIds: [bob.userId, carol.userId] },
    });
    for (const who of [alice, bob, carol]) {
      expect((await groups.get(who, answer.body.id)).body).toMatchObject({ name: 'Harbour team', unreadCount: 0 });
      const list = await groups.list(who);
      expect(list.body.items.map((item: { id: string }) => item.id)).toContain(answer.body.id);
    }
  });

  it('is created once, even when requests with the same id are repeated', async () => {
    const { alice, bob } = cast;
    const body = { participants: [named(bob)], clientConversationId: ulid() };
    const answers = await Promise.all(Array.from({ length: 4 }, () => groups.create(alice, body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201]);
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    expect(await groups.create(alice, { ...body, name: 'Another' })).toMatchObject({
      status: 409,
      body: { code: 'IDEMPOTENCY_CONFLICT' },
    });
    const old = ulid(Date.now() - 31 * 24 * 60 * 60 * 1000);
    expect(await groups.create(alice, { ...body, clientConversationId: old })).toMatchObject({
      status: 422,
      body: { code: 'CLOCK_SKEW' },
    });
    // Ids belong to one user.
    expect((await groups.create(bob, body)).status).toBe(201);
  });

  it('rejects users of another tenant like users who do not exist', async () => {
    const { alice, bob } = cast;
    const answer = await groups.create(alice, {
      participants: [named(bob), named(foreign.bob), { userId: ulid() }, { email: 'carol@strangers.test' }],
    });
    expect(answer).toMatchObject({ status: 404, body: { code: 'USER_NOT_FOUND' } });
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([
      '/body/participants/1/userId',
      '/body/participants/2/userId',
      '/body/participants/3/email',
    ]);
    expect(new Set(answer.body.errors.map((error: { detail: string }) => error.detail)).size).toBe(1);
  });

  it('is announced to the sockets of all participants', async () => {
    const { alice, bob } = cast;
    const sockets = await Promise.all([connect(test, alice), connect(test, bob)]);
    const id = await groups.started(alice, [bob]);
    for (const socket of sockets) {
      const frame = await socket.frame((frame) => frame.type === 'conversation.created' && frame.conversationId === id);
      expect(frame.data).toMatchObject({ id, kind: 'group', name: 'Crew', lastSeq: 1, unreadCount: 0 });
    }
    await Promise.all(sockets.map((socket) => socket.close()));
  });
});

describe('a participant', () => {
  it('receives nothing from before joining when newcomers see no history', async () => {
    const { alice, bob, carol } = cast;
    const id = await groups.started(alice, [bob], { history: 'since-joining' });
    await groups.send(alice, id, newMessage('before'));
    const [bobs, carols] = await Promise.all([connect(test, bob), connect(test, carol)]);
    const added = await groups.add(alice, id, [named(carol)]);
    expect(added.status).toBe(200);
    expect(groups.roles(added)).toMatchObject({ [carol.userId]: 'member' });

    const system = await bobs.frame((frame) => frame.type === 'conversation.updated' && frame.conversationId === id);
    expect(system).toMatchObject({ seq: 3, data: { system: { kind: 'joined', userIds: [carol.userId] } } });
    const created = await carols.frame((frame) => frame.type === 'conversation.created' && frame.conversationId === id);
    expect(created.data).toMatchObject({ id, lastSeq: 3, unreadCount: 0, lastMessage: { type: 'system' } });

    await groups.send(bob, id, newMessage('after'));
    await carols.frame((frame) => frame.type === 'message.created' && frame.conversationId === id);
    await test.run.settled();
    const seen = await groups.get(carol, id, '/messages');
    expect(seen.body.items.map((item: { seq: number }) => item.seq)).toEqual([3, 4]);
    expect((await groups.get(carol, id, '/messages/2')).status).toBe(404);
    expect((await groups.get(carol, id)).body.unreadCount).toBe(1);
    expect((await groups.get(bob, id, '/messages/2')).status).toBe(200);
    await Promise.all([bobs.close(), carols.close()]);
  });

  it('is added once', async () => {
    const { alice, bob, carol } = cast;
    const id = await groups.started(alice, [bob]);
    expect((await groups.add(alice, id, [named(bob), named(carol)])).body.lastSeq).toBe(2);
    const again = await groups.add(alice, id, [named(bob), named(carol)]);
    expect(again).toMatchObject({ status: 200, body: { lastSeq: 2 } });
  });

  it('no longer finds the group after being removed', async () => {
    const { alice, bob, carol } = cast;
    const id = await groups.started(alice, [bob, carol]);
    await groups.send(bob, id, newMessage('hello'));
    // The new socket could receive Bob's own message.
    await test.run.settled();
    const bobs = await connect(test, bob);
    expect((await groups.remove(alice, id, bob.userId)).status).toBe(204);
    await bobs.frame((frame) => frame.type === 'conversation.removed' && frame.conversationId === id);
    // This function has cached Bob as participant.
    expect((await groups.send(alice, id, newMessage('among us'))).status).toBe(201);
    const refused = [
      await groups.get(bob, id),
      await groups.get(bob, id, '/messages'),
      await groups.get(bob, id, '/messages/2'),
      await groups.send(bob, id, newMessage('still here?')),
      await groups.change(bob, id, { name: 'Mine' }),
      await groups.remove(bob, id, 'me'),
    ];
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual(
      refused.map(() => [404, 'CONVERSATION_NOT_FOUND']),
    );
    const frame = await bobs.request('message.send', { conversationId: id, ...newMessage('by socket') });
    expect(frame).toMatchObject({ type: 'error', problem: { code: 'CONVERSATION_NOT_FOUND' } });
    await test.run.settled();
    expect(bobs.frames.filter((frame) => frame.conversationId === id).map((frame) => frame.type)).toEqual([
      'conversation.removed',
    ]);
    const list = await groups.list(bob);
    expect(list.body.items.map((item: { id: string }) => item.id)).not.toContain(id);
    const timeline = (await groups.get(alice, id, '/messages')).text;
    expect(timeline).toContain('among us');
    for (const text of ['still here?', 'by socket']) expect(timeline).not.toContain(text);
    expect((await groups.remove(alice, id, bob.userId)).status).toBe(204);

    expect((await groups.add(alice, id, [named(bob)])).status).toBe(200);
    expect((await groups.send(bob, id, newMessage('back'))).status).toBe(201);
    const backIn = await groups.list(bob);
    expect(backIn.body.items.map((item: { id: string }) => item.id)).toContain(id);
    await bobs.close();
  });

  it('cannot write after being removed, even through functions that cached the membership', async () => {
    const { alice, bob, carol } = cast;
    const id = await groups.started(alice, [bob, carol]);
    const bobs = await connect(test, bob);
    expect((await groups.send(bob, id, newMessage('hello'))).status).toBe(201);
    expect(await bobs.request('message.send', { conversationId: id, ...newMessage('again') })).toMatchObject({
      type: 'ack',
    });
    await test.run.settled();
    expect((await groups.remove(alice, id, bob.userId)).status).toBe(204);
    expect(await groups.send(bob, id, newMessage('still here?'))).toMatchObject({ status: 404 });
    const frame = await bobs.request('message.send', { conversationId: id, ...newMessage('by socket') });
    expect(frame).toMatchObject({ type: 'error', problem: { code: 'CONVERSATION_NOT_FOUND' } });
    const { items } = (await groups.get(alice, id, '/messages')).body as { items: Message[] };
    expect(items.map(({ text, system }) => text ?? system?.kind)).toEqual(['created', 'hello', 'again', 'removed']);
    await bobs.close();
  });

  it('cannot change messages from before rejoining, even through functions that cached the membership', async () => {
    const { alice, bob, carol } = cast;
    const id = await groups.started(alice, [bob, carol], { history: 'since-joining' });
    await groups.send(bob, id, newMessage('before'));
    const react = (emoji: string) =>
      call(test.url, 'PUT', `/api/v1/conversations/${id}/messages/2/reactions/${encodeURIComponent(emoji)}`, {
        token: carol.token,
      });
    expect((await react('👍')).status).toBe(200);
    await groups.remove(alice, id, carol.userId);
    await groups.add(alice, id, [named(carol)]);
    expect(await react('🎉')).toMatchObject({ status: 404, body: { code: 'MESSAGE_NOT_FOUND' } });
  });

  it('can be mentioned right after joining, even through functions that cached the group without them', async () => {
    const { alice, bob, carol } = cast;
    const id = await groups.started(alice, [bob]);
    const mention = () => groups.send(alice, id, { ...newMessage('hello'), mentions: [carol.userId] });
    expect(await mention()).toMatchObject({ status: 422, body: { code: 'REFERENCE_NOT_FOUND' } });
    expect((await groups.send(alice, id, newMessage('hello Bob'))).status).toBe(201);
    expect((await groups.add(alice, id, [named(carol)])).status).toBe(200);
    expect((await mention()).status).toBe(201);
  });

  it('becomes admin through the highest seniority when the last admin leaves', async () => {
    const { alice, bob, carol } = cast;
    const id = await groups.started(alice, [carol]);
    await groups.add(alice, id, [named(bob)]);
    expect((await groups.remove(alice, id, 'me')).status).toBe(204);
    expect(groups.roles(await groups.get(bob, id))).toEqual({ [carol.userId]: 'admin', [bob.userId]: 'member' });
    expect(await groups.systemMessages(bob, id)).toContainEqual({
      kind: 'left',
      userIds: [alice.userId],
      successorId: carol.userId,
    });
    expect((await groups.role(carol, id, carol.userId, 'member')).status).toBe(200);
    expect(groups.roles(await groups.get(bob, id))).toEqual({ [carol.userId]: 'member', [bob.userId]: 'admin' });
    expect((await groups.remove(carol, id, 'me')).status).toBe(204);
    expect(groups.roles(await groups.role(bob, id, bob.userId, 'member'))).toEqual({ [bob.userId]: 'admin' });
    expect((await groups.remove(bob, id, bob.userId)).status).toBe(204);
    expect((await groups.get(bob, id)).status).toBe(404);
  });

  it('cannot manage the group without being its admin', async () => {
    const { alice, bob, carol } = cast;
    const id = await groups.started(alice, [bob]);
    const direct = await conversationOf(test, alice, bob);
    const refused = [
      await groups.add(bob, id, [named(carol)]),
      await groups.add(bob, id, [named(foreign.carol)]),
      await groups.remove(bob, id, alice.userId),
      await groups.role(bob, id, bob.userId, 'admin'),
      await groups.change(bob, id, { name: 'Mine' }),
    ];
    expect(refused.map(({ body }) => body.code)).toEqual(refused.map(() => 'NOT_GROUP_ADMIN'));
    expect((await groups.role(alice, id, carol.userId, 'admin')).body.code).toBe('USER_NOT_FOUND');
    const twoPeoples = [
      await groups.add(alice, direct, [named(carol)]),
      await groups.remove(alice, direct, 'me'),
      await groups.role(alice, direct, bob.userId, 'admin'),
      await groups.change(alice, direct, { name: 'Us' }),
    ];
    expect(twoPeoples.map(({ body }) => body.code)).toEqual(twoPeoples.map(() => 'NOT_A_GROUP'));
  });
});

describe('the name of a group', () => {
  it('changes for all participants and is announced', async () => {
    const { alice, bob } = cast;
    const id = await groups.started(alice, [bob]);
    const socket = await connect(test, bob);
    const renamed = await groups.change(alice, id, { name: 'Night watch', history: 'since-joining' });
    expect(renamed).toMatchObject({ status: 200, body: { name: 'Night watch', history: 'since-joining', lastSeq: 2 } });
    const frame = await socket.frame((frame) => frame.type === 'conversation.updated' && frame.conversationId === id);
    expect(frame.data.system).toEqual({ kind: 'changed', name: 'Night watch', history: 'since-joining' });
    expect((await groups.get(bob, id)).body.name).toBe('Night watch');
    expect((await groups.change(alice, id, { name: 'Night watch' })).body.lastSeq).toBe(2);
    expect((await groups.change(alice, id, {})).status).toBe(422);
    await socket.close();
  });
});
