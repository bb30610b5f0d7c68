import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestRun } from '../harness.ts';
import { connect } from '../people.ts';
import { sharedTestRun } from '../shared-run.ts';
import { formTemplate } from './desk-calls.ts';
import { deskOf } from './desk-people.ts';

let test: TestRun;
beforeAll(async () => {
  test = await sharedTestRun();
});
afterAll(() => test.stop());

const note = (text: string, more: object = {}) => ({ text, clientMessageId: ulid(), ...more });

describe('a note', () => {
  it('changes nothing that its customer can see or count', async () => {
    const desk = await deskOf(test, 'hidden-note', { autoAssign: 'off' });
    const amina = await desk.agent('amina');
    const id = await desk.start(desk.customer);
    await desk.say(amina, id, 'Hello');
    const socket = await connect(test, desk.customer);
    const before = (await desk.get(desk.customer, `/conversations/${id}`)).body;
    const written = await desk.post(amina, `/conversations/${id}/notes`, note('canary-of-the-note'));
    expect(written.status, written.text).toBe(201);
    await test.run.settled();

    const after = await desk.get(desk.customer, `/conversations/${id}`);
    expect(after.body).toMatchObject({ unreadCount: before.unreadCount });
    const history = await desk.get(desk.customer, `/conversations/${id}/messages`);
    const one = await desk.get(desk.customer, `/conversations/${id}/messages/${written.body.seq}`);
    const seen = [after.text, history.text, one.text, JSON.stringify(socket.frames)];
    expect(seen.filter((text) => text.includes('canary-of-the-note'))).toEqual([]);
    expect((await desk.get(desk.customer, '/unread-count')).text).not.toContain('canary-of-the-note');
    await socket.close();
  });

  it('mentions only agents with access to the conversation', async () => {
    const desk = await deskOf(test, 'mentions', { autoAssign: 'off' });
    const teamId = (await desk.post(desk.admin, '/teams', { name: 'Billing' })).body.id as string;
    const [amina, bela] = [await desk.agent('amina', { teams: [teamId] }), await desk.agent('bela')];
    const id = await desk.start(desk.customer, { teamId });
    const write = (userId: string) =>
      desk.post(amina, `/conversations/${id}/notes`, note('Please look', { mentions: [userId] }));
    expect((await write(amina.userId)).status).toBe(201);
    for (const stranger of [bela.userId, desk.customer.userId]) {
      expect(await write(stranger)).toMatchObject({
        status: 422,
        body: { code: 'REFERENCE_NOT_FOUND', errors: [{ pointer: '/body/mentions/0' }] },
      });
    }
  });
});

describe('a conversation of a team', () => {
  it('does not exist for agents of other teams', async () => {
    const desk = await deskOf(test, 'confidential', { autoAssign: 'off' });
    const teamId = (await desk.post(desk.admin, '/teams', { name: 'Crisis' })).body.id as string;
    const [amina, bela] = [await desk.agent('amina', { teams: [teamId] }), await desk.agent('bela')];
    const socket = await connect(test, bela);
    const id = await desk.start(desk.customer, { teamId, subject: 'canary-of-the-team' });
    await desk.say(desk.customer, id, 'canary-of-the-team');
    await test.run.settled();
    expect((await desk.get(amina, `/conversations/${id}`)).status).toBe(200);
    const paths = ['', '/messages', '/messages/1', '/assignments'].map((path) => `/conversations/${id}${path}`);
    for (const path of paths) expect((await desk.get(bela, path)).status, path).toBe(404);
    const posts = ['/assign', '/transfer', '/notes', '/messages'].map((path) => `/conversations/${id}${path}`);
    const bodies = [{ agentId: 'me' }, { agentId: amina.userId }, note('?'), { type: 'text', ...note('?') }];
    for (const [index, path] of posts.entries()) {
      expect((await desk.post(bela, path, bodies[index])).status, path).toBe(404);
    }
    for (const path of ['/resolve', '/close', '/reopen', '/unassign', '/acknowledge']) {
      expect((await desk.post(bela, `/conversations/${id}${path}`)).status, path).toBe(404);
    }
    const lists = ['?kind=support&view=all', '?kind=support&view=unassigned', `?kind=support&teamId=${teamId}`];
    for (const list of lists) expect((await desk.get(bela, `/conversations${list}`)).text).not.toContain(id);
    expect((await desk.get(bela, '/conversations/counts')).body).toMatchObject({ unassigned: 0, all: 0 });
    expect(JSON.stringify(socket.frames)).not.toContain('canary-of-the-team');
    expect(socket.frames.filter(({ conversationId }) => conversationId === id)).toEqual([]);
    await socket.close();
  });

  it('is handed over with a note by an agent who has no access afterwards', async () => {
    const desk = await deskOf(test, 'handover', { autoAssign: 'off' });
    const teamId = (await desk.post(desk.admin, '/teams', { name: 'Crisis' })).body.id as string;
    const [amina, bela] = [await desk.agent('amina', { teams: [teamId] }), await desk.agent('bela')];
    const id = await desk.start(desk.customer);
    await desk.post(bela, `/conversations/${id}/assign`, { agentId: 'me' });
    const moved = await desk.post(bela, `/conversations/${id}/transfer`, { teamId, note: 'Call her before noon' });
    expect(moved).toMatchObject({ status: 200, body: { id, status: 'waiting', teamId } });
    expect((await desk.get(bela, `/conversations/${id}`)).status).toBe(404);
    const { items } = (await desk.get(amina, `/conversations/${id}/messages`)).body;
    expect(items.at(-1)).toMatchObject({ type: 'note', text: 'Call her before noon', senderId: bela.userId });
    const back = await desk.post(amina, `/conversations/${id}/transfer`, { agentId: bela.userId });
    expect(back).toMatchObject({ status: 409, body: { code: 'AGENT_UNAVAILABLE' } });
  });
});

describe('a reply', () => {
  it('is refused if a colleague has replied since the entry that its author had seen', async () => {
    const desk = await deskOf(test, 'newer', { autoAssign: 'off' });
    const [amina, bela] = [await desk.agent('amina'), await desk.agent('bela')];
    const id = await desk.start(desk.customer);
    const asked = await desk.say(desk.customer, id, 'Hello?');
    const seenSeq = asked.body.seq as number;
    expect((await desk.say(amina, id, 'Hello', { seenSeq })).status).toBe(201);
    await desk.post(amina, `/conversations/${id}/notes`, note('A note is no reply'));
    const late = await desk.say(bela, id, 'Hello, too', { seenSeq });
    expect(late).toMatchObject({ status: 409, body: { code: 'NEWER_REPLY' } });
    const { items } = (await desk.get(bela, `/conversations/${id}/messages`)).body;
    const newest = items.at(-1).seq as number;
    expect((await desk.say(bela, id, 'Hello, too', { seenSeq: newest })).status).toBe(201);
    expect((await desk.say(amina, id, 'Without having looked')).status).toBe(201);
  });

  it('is not refused for what the service or the customer has added since', async () => {
    const desk = await deskOf(test, 'no-reply', { autoAssign: 'off' });
    const [amina, bela] = [await desk.agent('amina'), await desk.agent('bela')];
    const templateId = await formTemplate(test);
    const id = await desk.start(desk.customer, { templateId });
    expect((await desk.post(amina, `/conversations/${id}/assign`, { agentId: 'me' })).status).toBe(200);
    await desk.patch(amina, `/conversations/${id}`, { priority: 'high', subject: 'Hosts' });
    await desk.post(amina, `/conversations/${id}/notes`, note('A note is no reply'));
    await desk.say(desk.customer, id, 'And one more question');
    const { items } = (await desk.get(bela, `/conversations/${id}/messages`)).body;
    const form = items.find(({ type }: { type: string }) => type === 'form');
    expect(form).toMatchObject({ senderId: '0'.repeat(26), seq: 2 });
    expect((await desk.say(bela, id, 'Hello', { seenSeq: 1 })).status).toBe(201);
    expect((await desk.say(amina, id, 'Hello', { seenSeq: 1 })).body).toMatchObject({ code: 'NEWER_REPLY' });
  });

  it('is written by one of two agents who have seen the same and reply at once', async () => {
    const desk = await deskOf(test, 'at-once', { autoAssign: 'off' });
    const [amina, bela] = [await desk.agent('amina'), await desk.agent('bela')];
    const id = await desk.start(desk.customer);
    for (let round = 0; round < 5; round += 1) {
      const seenSeq = (await desk.say(desk.customer, id, `Question ${round}`)).body.seq as number;
      const answers = await Promise.all([amina, bela].map((who) => desk.say(who, id, 'Answer', { seenSeq })));
      expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    }
  });
});
