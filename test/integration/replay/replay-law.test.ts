import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actions, routes } from '../../../shared/contract/registry.ts';
import { groupCalls } from '../groups/group-calls.ts';
import { startTestRun, type TestRun } from '../harness.ts';
import { type Cast, castOf, connect } from '../people.ts';
import { call, type Frame, type RawSocket } from '../raw-client.ts';
import { TimelineModel } from './model.ts';

let test: TestRun;
let cast: Cast;
/** Alice does what the rows say; Bob watches. */
let alice: RawSocket;
let bob: RawSocket;
let id: string;

beforeAll(async () => {
  test = await startTestRun();
  cast = await castOf(test, 'replay');
  id = await groupCalls(test).started(cast.alice, [cast.bob]);
  [alice, bob] = await Promise.all([connect(test, cast.alice), connect(test, cast.bob)]);
});

afterAll(async () => {
  await Promise.all([alice.close(), bob.close()]);
  await test.stop();
});

async function ask(method: string, path: string, body?: unknown): Promise<Frame> {
  const request = { token: cast.alice.token, ...(body === undefined ? {} : { body }) };
  const answer = await call(test.url, method, `/api/v1/conversations${path}`, request);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
  return answer.body;
}

async function frame(action: string, data: object): Promise<void> {
  const answer = await alice.request(action, data);
  if (answer.type === 'error') throw new Error(JSON.stringify(answer.problem));
}

const draft = () => ({ type: 'text', text: 'whatever', clientMessageId: ulid() });
const sent = async (): Promise<number> => (await ask('POST', `/${id}/messages`, draft())).seq;
const thumb = '👍';
const reactionPath = (seq: number) => `/${id}/messages/${seq}/reactions/${encodeURIComponent(thumb)}`;
const carolPath = () => `/${id}/participants/${cast.carol.userId}`;

type Row = (() => Promise<unknown>) | string;

const noTimeline = 'is of accounts and sessions';
const notSent = 'a file is in no conversation’s timeline before it is sent';

const rows: Readonly<Record<string, Row>> = {
  ...Object.fromEntries(
    ['register', 'login', 'refresh', 'logout', 'forgotPassword', 'resetPassword', 'changePassword']
      .concat(['createTicket', 'updateMe', 'approveUser', 'rejectUser', 'suspendUser', 'reactivateUser'])
      .map((name) => [name, noTimeline]),
  ),
  createAttachment: notSent,
  completeAttachment: notSent,
  createConversation: () => groupCalls(test).started(cast.alice, [cast.bob]),
  sendMessage: sent,
  editMessage: async () => ask('PATCH', `/${id}/messages/${await sent()}`, { text: 'better' }),
  deleteMessage: async () => ask('DELETE', `/${id}/messages/${await sent()}`),
  addReaction: async () => ask('PUT', reactionPath(await sent())),
  removeReaction: async () => {
    const seq = await sent();
    await ask('PUT', reactionPath(seq));
    await ask('DELETE', reactionPath(seq));
  },
  changeConversation: () => ask('PATCH', `/${id}`, { name: 'Another name' }),
  addParticipants: () => ask('POST', `/${id}/participants`, { participants: [{ userId: cast.carol.userId }] }),
  changeParticipant: () => ask('PATCH', carolPath(), { role: 'admin' }),
  removeParticipant: () => ask('DELETE', carolPath()),
  updateReceipts: async () => ask('POST', `/${id}/receipts`, { readSeq: await sent() }),
  setTyping: () => ask('POST', `/${id}/typing`, { typing: true }),
  updatePresence: () =>
    call(test.url, 'PUT', '/api/v1/users/me/presence', { token: cast.alice.token, body: { status: 'away' } }),
  hello: () => frame('hello', { resume: { [id]: 0 } }),
  ping: () => frame('ping', {}),
  'presence.update': () => frame('presence.update', { status: 'online' }),
  'message.send': () => frame('message.send', { conversationId: id, ...draft() }),
  'message.edit': async () => frame('message.edit', { conversationId: id, seq: await sent(), text: 'better' }),
  'message.delete': async () => frame('message.delete', { conversationId: id, seq: await sent() }),
  'reaction.add': async () => frame('reaction.add', { conversationId: id, seq: await sent(), emoji: thumb }),
  'reaction.remove': async () => {
    const reaction = { conversationId: id, seq: await sent(), emoji: thumb };
    await frame('reaction.add', reaction);
    await frame('reaction.remove', reaction);
  },
  'receipt.update': async () => frame('receipt.update', { conversationId: id, deliveredSeq: await sent() }),
  'typing.start': () => frame('typing.start', { conversationId: id }),
  'typing.stop': () => frame('typing.stop', { conversationId: id }),
};

async function snapshot(): Promise<{ items: Frame[]; covers: { through: number } }> {
  const path = `/api/v1/conversations/${id}/messages?limit=100`;
  return (await call(test.url, 'GET', path, { token: cast.bob.token })).body;
}

const ofConversation = (one: Frame) => one.conversationId === id;

describe('what was seen live is the history, and what catching up brings', () => {
  it('has a row for every operation that may change something', () => {
    const changing = routes.filter((route) => route.idempotent !== 'safe').map((route) => route.operationId);
    expect(Object.keys(rows).sort()).toEqual([...changing, ...actions.map(({ action }) => action)].sort());
  });

  it.each(Object.entries(rows).filter(([, row]) => typeof row !== 'string'))('after %s', async (_, row) => {
    await test.run.settled();
    const before = await snapshot();
    const heard = bob.frames.length;
    if (typeof row !== 'string') await row();
    await test.run.settled();
    const after = await snapshot();
    const seqs = Array.from(
      { length: after.covers.through - before.covers.through },
      (__, index) => before.covers.through + 1 + index,
    );
    const expected = new TimelineModel(after.items).messages();

    const live = new TimelineModel(before.items);
    // Whatever has a number, is told by the socket before the answer to a frame that comes after it.
    await bob.request('ping', {});
    for (const event of bob.frames.slice(heard).filter(ofConversation)) live.apply(event);
    expect([...live.seqs].sort((one, other) => one - other)).toEqual(seqs);
    expect(live.messages()).toEqual(expected);

    const resumed = new TimelineModel(before.items);
    const positions = `${id}:${before.covers.through}`;
    const page = await call(test.url, 'GET', `/api/v1/sync?positions=${positions}`, { token: cast.bob.token });
    expect(page.body.complete).toBe(true);
    for (const event of page.body.events) resumed.apply(event);
    expect([...resumed.seqs]).toEqual(seqs);
    expect(resumed.messages()).toEqual(expected);
  });
});
