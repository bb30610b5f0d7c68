import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../../local/fault-plan.ts';
import { sinceToken } from '../../../shared/features/sync/since-rules.ts';
import type { TestRun } from '../harness.ts';
import { castOf, connect, conversationOf } from '../people.ts';
import { call, type Frame, type SignedIn } from '../raw-client.ts';
import { sharedTestRun } from '../shared-run.ts';
import { newMessage } from '../system/new-message.ts';
import { deskOf } from './desk-people.ts';

const dayMs = 24 * 60 * 60 * 1000;

let test: TestRun;
let fault: ((operation: string) => Fault | undefined) | undefined;
beforeAll(async () => {
  test = await sharedTestRun({
    onCall: ({ functionName, operation }) =>
      functionName.endsWith('-message-changes') ? fault?.(operation) : undefined,
  });
});
afterAll(() => test.stop());

async function catchUp({ token }: SignedIn, since: string): Promise<Frame> {
  const answer = await call(test.url, 'GET', `/api/v1/sync?since=${since}`, { token });
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body;
}

const idsIn = (page: Frame) => (page['events'] as Frame[]).map((event) => event['conversationId'] as string);

describe('the catch-up of an agent', () => {
  it('has the current view of each support conversation that changed and that the agent can open', async () => {
    const desk = await deskOf(test, 'resuming', { autoAssign: 'off' });
    const teamId = (await desk.post(desk.admin, '/teams', { name: 'Billing' })).body.id as string;
    const [amina, bela] = [await desk.agent('amina', { teams: [teamId] }), await desk.agent('bela')];
    const first = await desk.start(desk.customer);
    const token = sinceToken({ until: Date.now() + 120_000 });
    const other = await desk.start(desk.customer, { teamId });
    await desk.post(amina, `/conversations/${first}/assign`, { agentId: 'me' });
    await desk.post(amina, `/conversations/${first}/resolve`);
    const page = await catchUp(amina, token);
    expect(idsIn(page).sort()).toEqual([first, other].sort());
    const events = page['events'] as Frame[];
    expect(events.find((event) => event['conversationId'] === first)).toMatchObject({
      type: 'conversation.created',
      data: { id: first, status: 'resolved', assigneeId: amina.userId },
    });
    expect(page['listQueues']).toBeUndefined();
    expect(idsIn(await catchUp(bela, token))).toEqual([first]);
    expect(idsIn(await catchUp(desk.customer, token)).sort()).toEqual([first, other].sort());
    const stranger = await desk.person('stranger');
    expect(idsIn(await catchUp(stranger, token))).toEqual([]);
  });

  it('tells agents to list their queues again when the changes have expired', async () => {
    const desk = await deskOf(test, 'expired-changes');
    const [amina, old] = [await desk.agent('amina'), sinceToken({ until: Date.now() - 3 * dayMs })];
    await desk.start(desk.customer);
    expect(await catchUp(amina, old)).toMatchObject({ events: [], complete: true, listQueues: true });
    expect((await catchUp(desk.customer, old))['listQueues']).toBeUndefined();
    const recent = await catchUp(amina, sinceToken({ until: Date.now() - 2 * dayMs }));
    expect(recent['listQueues']).toBeUndefined();
    expect(idsIn(recent)).toHaveLength(1);
  });
});

describe('typing of an agent', () => {
  it('reaches the customer and the agents who have the conversation open', async () => {
    const desk = await deskOf(test, 'typing', { autoAssign: 'off' });
    const [amina, bela, cora] = [await desk.agent('amina'), await desk.agent('bela'), await desk.agent('cora')];
    const id = await desk.start(desk.customer);
    await desk.post(amina, `/conversations/${id}/assign`, { agentId: 'me' });
    expect((await desk.post(bela, `/conversations/${id}/receipts`, { readSeq: 1 })).status).toBe(200);
    const sockets = await Promise.all([desk.customer, bela, cora].map((who) => connect(test, who)));
    await desk.post(amina, `/conversations/${id}/typing`, { typing: true });
    const [customers, belas, coras] = sockets;
    const isTyping = ({ type, data }: Frame) => type === 'typing.started' && data.userId === amina.userId;
    await Promise.all([customers?.frame(isTyping), belas?.frame(isTyping)]);
    await desk.say(amina, id, 'Hello');
    await customers?.frame(({ type }) => type === 'message.created');
    expect(coras?.frames.filter(isTyping)).toEqual([]);
    await Promise.all(sockets.map((socket) => socket.close()));
  });
});

describe('an agent who has a conversation open', () => {
  it('is announced to its other agents, and never to customers', async () => {
    const desk = await deskOf(test, 'viewing', { autoAssign: 'off' });
    const teamId = (await desk.post(desk.admin, '/teams', { name: 'Crisis' })).body.id as string;
    const inTeam = { teams: [teamId] };
    const [amina, cora] = [await desk.agent('amina', inTeam), await desk.agent('cora', inTeam)];
    const bela = await desk.agent('bela');
    const id = await desk.start(desk.customer, { teamId });
    const sockets = await Promise.all([desk.customer, cora, bela].map((who) => connect(test, who)));
    const [customers, coras, belas] = sockets;
    const view = (who: SignedIn, viewing: boolean) => desk.post(who, `/conversations/${id}/viewing`, { viewing });
    expect((await view(amina, true)).status).toBe(204);
    expect((await view(amina, true)).status).toBe(204);
    expect((await view(amina, false)).status).toBe(204);
    const isView = ({ type }: Frame) => type.startsWith('viewing.');
    await coras?.frame(({ type }) => type === 'viewing.stopped');
    expect(coras?.frames.filter(isView).map(({ type, data }) => [type, data])).toEqual([
      ['viewing.started', { userId: amina.userId }],
      ['viewing.stopped', { userId: amina.userId }],
    ]);
    expect((await view(desk.customer, true)).body).toMatchObject({ code: 'FORBIDDEN' });
    expect((await view(bela, true)).body).toMatchObject({ code: 'CONVERSATION_NOT_FOUND' });
    const own = await desk.start(bela, { teamId });
    const asCustomer = await desk.post(bela, `/conversations/${own}/viewing`, { viewing: true });
    expect(asCustomer.body).toMatchObject({ code: 'CONVERSATION_NOT_FOUND' });
    await test.run.settled();
    expect([customers, belas].flatMap((socket) => socket?.frames.filter(isView) ?? [])).toEqual([]);
    await Promise.all(sockets.map((socket) => socket.close()));
  });
});

describe('a message that changes the state', () => {
  it('reaches the lists of all agents with access, and each customer once', async () => {
    const desk = await deskOf(test, 'list-of-colleague', { autoAssign: 'off' });
    const teamId = (await desk.post(desk.admin, '/teams', { name: 'Crisis' })).body.id as string;
    const [amina, cora, bela] = [
      await desk.agent('amina', { teams: [teamId] }),
      await desk.agent('cora', { teams: [teamId] }),
      await desk.agent('bela'),
    ];
    const id = await desk.start(desk.customer, { teamId });
    await desk.post(amina, `/conversations/${id}/assign`, { agentId: 'me' });
    await test.run.settled();
    const sockets = await Promise.all([desk.customer, cora, bela].map((who) => connect(test, who)));
    const [customers, coras, belas] = sockets;
    const replied = (await desk.say(amina, id, 'Hello')).body.seq as number;
    const asked = (await desk.say(desk.customer, id, 'A question')).body.seq as number;
    await desk.post(amina, `/conversations/${id}/resolve`);
    const reopened = (await desk.say(desk.customer, id, 'One more')).body.seq as number;
    await test.run.settled();
    const of = (frames: readonly Frame[] = []) => frames.filter(({ type }) => type === 'message.created');
    const stateIn = (seq: number) => of(coras?.frames).find((frame) => frame['seq'] === seq)?.data.support;
    expect(stateIn(replied).waitingSince).toBeUndefined();
    expect(stateIn(asked)).toMatchObject({ status: 'active', waitingSince: expect.any(String) as string });
    expect(stateIn(reopened)).toMatchObject({ status: 'waiting', waitingSince: expect.any(String) as string });
    expect(of(belas?.frames)).toEqual([]);
    expect(of(customers?.frames).filter((frame) => frame['seq'] === replied)).toHaveLength(1);
    await Promise.all(sockets.map((socket) => socket.close()));
  });
});

describe('a draft', () => {
  it('is encrypted under the key of its support conversation, and is gone when the conversation is wiped', async () => {
    const desk = await deskOf(test, 'drafting', { autoAssign: 'off' });
    const amina = await desk.agent('amina');
    const id = await desk.start(desk.customer);
    const path = `/conversations/${id}/draft`;
    const token = amina.token;
    const saved = await call(test.url, 'PUT', `/api/v1${path}`, { token, body: { text: 'Dear customer' } });
    expect(saved.status, saved.text).toBe(200);
    expect((await desk.get(amina, path)).body).toMatchObject({ text: 'Dear customer' });
    expect((await desk.get(amina, '/drafts')).body.items).toMatchObject([
      { conversationId: id, text: 'Dear customer' },
    ]);
    expect((await desk.post(desk.customer, `/conversations/${id}/wipe`)).status).toBeLessThan(300);
    expect((await desk.get(amina, path)).body).toMatchObject({ code: 'DRAFT_NOT_FOUND' });
    expect((await desk.get(amina, '/drafts')).body.items).toEqual([]);
    const again = await call(test.url, 'PUT', `/api/v1${path}`, { token, body: { text: 'More' } });
    expect(again.status).toBe(404);
  });
});

describe('a reaction with an id', () => {
  it('is not added again by a stalled request that runs after its removal', async () => {
    const { alice, bob } = await castOf(test, 'stalled');
    const id = await conversationOf(test, alice, bob);
    const path = `/api/v1/conversations/${id}/messages`;
    const ask = (method: string, more: string, body?: object) =>
      call(test.url, method, path + more, { token: alice.token, ...(body === undefined ? {} : { body }) });
    const { seq } = (await ask('POST', '', newMessage())).body;
    const reaction = `/${seq}/reactions/${encodeURIComponent('👍')}`;
    const [add, remove] = [`?clientMessageId=${ulid()}`, `?clientMessageId=${ulid()}`];
    let reached = (): void => undefined;
    let release = (): void => undefined;
    const isReached = new Promise<void>((resolve) => (reached = resolve));
    const until = new Promise<void>((resolve) => (release = resolve));
    fault = (operation) => {
      if (operation !== 'TransactWriteItems') return undefined;
      fault = undefined;
      reached();
      return { kind: 'wait', until };
    };
    const stalled = ask('PUT', reaction + add);
    await isReached;
    const repeated = await ask('PUT', reaction + add);
    expect(repeated).toMatchObject({ status: 200, body: { reactions: [{ userIds: [alice.userId] }] } });
    expect((await ask('DELETE', reaction + remove)).body.reactions).toEqual([]);
    release();
    expect(await stalled).toMatchObject({ status: 200, body: { reactions: [], seq: repeated.body.seq } });
    expect((await ask('PUT', reaction + add)).body.reactions).toEqual([]);
    expect((await ask('GET', `/${seq}`)).body.reactions).toBeUndefined();
  });
});
