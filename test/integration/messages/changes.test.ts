import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readyAttachment } from '../attachments/upload.ts';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { connect, conversationOf } from '../people.ts';
import { call, type HttpAnswer, type RawSocket } from '../raw-client.ts';
import { newPerson, type Person } from '../system/world.ts';

let test: TestRun;
let slug: string;
let alice: Person;
let bob: Person;
let conversationId: string;
let bobSocket: RawSocket;
let aliceOther: RawSocket;

beforeAll(async () => {
  test = await sharedTestRun();
  const settings = { messagesPerMinute: null, registration: 'open', editWindowMinutes: 15 } as const;
  slug = test.slugOf('changes');
  await test.provision({ command: 'createTenant', slug, name: 'Changes', settings });
  [alice, bob] = await Promise.all([
    newPerson(test, slug, 'changing', 'alice'),
    newPerson(test, slug, 'changing', 'bob'),
  ]);
  conversationId = await conversationOf(test, alice, bob);
  [bobSocket, aliceOther] = await Promise.all([connect(test, bob), connect(test, alice)]);
});
afterAll(() => test.stop());

function ask(who: Person, method: string, path: string, body?: object): Promise<HttpAnswer> {
  const more = body === undefined ? {} : { body };
  return call(test.url, method, `/api/v1/conversations/${conversationId}${path}`, { token: who.token, ...more });
}

async function send(body: object = { type: 'text', text: 'first' }): Promise<HttpAnswer['body']> {
  const answer = await ask(alice, 'POST', '/messages', { clientMessageId: ulid(), ...body });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}

/** Checks that the other sockets of both people received the same event. */
async function eventOf(seq: number) {
  const isIt = (frame: { readonly type: string; readonly seq?: number }) => frame.seq === seq;
  const [atBob, atAlice] = await Promise.all([bobSocket.frame(isIt), aliceOther.frame(isIt)]);
  expect(atAlice).toEqual(atBob);
  return atBob;
}

describe('an edit', () => {
  it('replaces the text everywhere, is sent live, and keeps the earlier version', async () => {
    const { seq } = await send();
    const edited = await ask(alice, 'PATCH', `/messages/${seq}`, { text: 'second' });
    expect(edited).toMatchObject({ status: 200, body: { seq, text: 'second', editedAt: expect.any(String) } });
    expect(edited.body.updatedSeq).toBe(seq + 1);
    const { type, data } = await eventOf(seq + 1);
    expect({ type, data }).toEqual({ type: 'message.updated', data: edited.body });
    expect((await ask(bob, 'GET', `/messages/${seq}`)).body).toEqual(edited.body);
    const versions = await ask(bob, 'GET', `/messages/${seq}/versions`);
    expect(versions.body.items.map(({ text }: { text: string }) => text)).toEqual(['first', 'second']);
  });

  it('changes nothing when it is repeated after a later edit', async () => {
    const { seq } = await send();
    const edit = { text: 'one', clientMessageId: ulid() };
    await ask(alice, 'PATCH', `/messages/${seq}`, edit);
    await ask(alice, 'PATCH', `/messages/${seq}`, { text: 'two', clientMessageId: ulid() });
    const repeated = await ask(alice, 'PATCH', `/messages/${seq}`, edit);
    expect(repeated).toMatchObject({ status: 200, body: { text: 'two', updatedSeq: seq + 2 } });
    const page = await ask(alice, 'GET', `/messages?after=${seq - 1}`);
    expect(page.body.items).toHaveLength(1);
    expect(page.body.covers).toEqual({ after: seq - 1, through: seq + 2 });
  });

  it('moves a live location but no other location', async () => {
    const point = { latitude: 1, longitude: 2 };
    const live = { ...point, liveUntil: new Date(Date.now() + 60_000).toISOString() };
    const { seq } = await send({ type: 'location', location: live });
    const moved = await ask(alice, 'PATCH', `/messages/${seq}`, { location: { ...live, latitude: 3 } });
    expect(moved.body.location).toEqual({ ...live, latitude: 3 });
    const later = new Date(Date.now() + 120_000).toISOString();
    const longer = await ask(alice, 'PATCH', `/messages/${seq}`, { location: { ...live, liveUntil: later } });
    expect(longer).toMatchObject({ status: 409, body: { code: 'MESSAGE_NOT_EDITABLE' } });
  });
});

describe('a deletion', () => {
  it('leaves an entry without content, also for clients that resume later', async () => {
    const { seq, clientMessageId } = await send({ type: 'text', text: 'secret word' });
    await ask(alice, 'PATCH', `/messages/${seq}`, { text: 'secret phrase' });
    const gone = await ask(alice, 'DELETE', `/messages/${seq}`);
    expect(gone.body).toMatchObject({ seq, deletedAt: expect.any(String), updatedSeq: seq + 2 });
    expect((await eventOf(seq + 2)).type).toBe('message.deleted');
    expect(await ask(alice, 'DELETE', `/messages/${seq}`)).toMatchObject({ status: 200, body: gone.body });

    await bobSocket.request('hello', { resume: { [conversationId]: seq - 1 } });
    const last = await bobSocket.frame((frame) => frame.type === 'sync.page' && frame.data.complete);
    const [created, updated, deleted] = last.data.events as { type: string; data: unknown }[];
    expect([created?.type, updated?.type, deleted?.type]).toEqual([
      'message.created',
      'message.updated',
      'message.deleted',
    ]);
    expect([created?.data, updated?.data, deleted?.data]).toEqual([gone.body, gone.body, gone.body]);

    const repeated = await ask(alice, 'POST', '/messages', { type: 'text', text: 'secret word', clientMessageId });
    expect(repeated).toMatchObject({ status: 200, body: gone.body });
    for (const path of [`/messages/${seq}`, `/messages?after=${seq - 1}`, '']) {
      expect((await ask(bob, 'GET', path)).text).not.toContain('secret');
    }
    expect((await ask(bob, 'GET', `/messages/${seq}/versions`)).body.code).toBe('MESSAGE_DELETED');
    await test.run.settled();
    const list = await call(test.url, 'GET', '/api/v1/conversations', { token: bob.token });
    expect(list.text).not.toContain('secret');
    expect(list.body.items[0].lastMessage).toMatchObject({ seq, deletedAt: expect.any(String) });
  });
});

describe('a reaction', () => {
  it('is stored once for each user and emoji, and can be removed', async () => {
    const { seq } = await send();
    const path = (emoji: string) => `/messages/${seq}/reactions/${encodeURIComponent(emoji)}`;
    const added = await ask(bob, 'PUT', path('👍🏽'));
    expect(added.body.reactions).toEqual([{ emoji: '👍🏽', userIds: [bob.userId] }]);
    expect(added.body).toMatchObject({ seq: seq + 1, updatedSeq: seq + 1 });
    // A repeated reaction adds no entry.
    const { seq: _own, ...unchanged } = added.body;
    expect((await ask(bob, 'PUT', path('👍🏽'))).body).toEqual(unchanged);
    const both = await aliceOther.request('reaction.add', { conversationId, seq, emoji: '👍🏽' });
    expect(both.data.reactions).toEqual([{ emoji: '👍🏽', userIds: [bob.userId, alice.userId] }]);
    expect(await bobSocket.frame((frame) => frame['seq'] === seq + 2)).toMatchObject({
      type: 'reaction.updated',
      data: { messageSeq: seq, userId: alice.userId, emoji: '👍🏽', added: true },
    });
    expect((await ask(bob, 'DELETE', path('👍🏽'))).body.reactions).toEqual([{ emoji: '👍🏽', userIds: [alice.userId] }]);
    expect((await ask(bob, 'GET', `/messages/${seq}`)).body.reactions).toHaveLength(1);
    expect((await ask(bob, 'PUT', path('no emoji'))).status).toBe(422);
  });

  it('is never lost when many come at once', async () => {
    const { seq } = await send();
    const emojis = [...'😀😁😂🤣😃😄😅😆😉😊'];
    const put = (who: Person) => (emoji: string) =>
      ask(who, 'PUT', `/messages/${seq}/reactions/${encodeURIComponent(emoji)}`);
    const answers = await Promise.all([...emojis.map(put(alice)), ...emojis.map(put(bob))]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const message = await ask(alice, 'GET', `/messages/${seq}`);
    expect(message.body.reactions).toHaveLength(10);
    for (const { userIds } of message.body.reactions)
      expect([...userIds].sort()).toEqual([alice.userId, bob.userId].sort());
    expect(message.body.updatedSeq).toBe(seq + 20);
  });
});

describe('a message with a file', () => {
  it('contains the file, which no other message can contain, and removes it when it is deleted', async () => {
    const attachmentId = await readyAttachment(test, alice, conversationId);
    const message = await send({ type: 'file', attachments: [attachmentId], text: 'see' });
    expect(message.attachments).toMatchObject([{ id: attachmentId, size: expect.any(Number) }]);
    expect((await ask(bob, 'GET', `/messages/${message.seq}`)).body).toMatchObject({
      attachments: message.attachments,
    });
    const again = { type: 'file', attachments: [attachmentId], clientMessageId: ulid() };
    expect((await ask(alice, 'POST', '/messages', again)).body.code).toBe('ATTACHMENT_ALREADY_SENT');

    const load = () => call(test.url, 'GET', `/api/v1/attachments/${attachmentId}`, { token: bob.token });
    expect((await load()).status).toBe(200);
    expect((await ask(alice, 'DELETE', `/messages/${message.seq}`)).status).toBe(200);
    expect((await load()).body.code).toBe('ATTACHMENT_NOT_FOUND');
  });

  it('cannot contain a file of another user or of another conversation', async () => {
    const [bobs, elsewhere] = await Promise.all([
      readyAttachment(test, bob, conversationId),
      conversationOf(test, alice, await newPerson(test, slug, 'changing', 'carol')),
    ]);
    const alices = await readyAttachment(test, alice, elsewhere);
    for (const attachmentId of [bobs, alices]) {
      const answer = await ask(alice, 'POST', '/messages', {
        type: 'file',
        attachments: [attachmentId],
        clientMessageId: ulid(),
      });
      expect(answer).toMatchObject({ status: 404, body: { code: 'ATTACHMENT_NOT_FOUND' } });
    }
  });

  it('is stored once when several messages with the same file are sent at once', async () => {
    const attachmentId = await readyAttachment(test, alice, conversationId);
    const body = () => ({ type: 'file', attachments: [attachmentId], clientMessageId: ulid() });
    const answers = await Promise.all([1, 2, 3, 4].map(() => ask(alice, 'POST', '/messages', body())));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });
});
