import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GuestPerson, newGuestPerson } from '../guests/guest-person.ts';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { connect } from '../people.ts';
import type { Frame, SignedIn } from '../raw-client.ts';
import { catchUpCalls } from '../sync/catch-up-calls.ts';
import { newTeam } from './desk-calls.ts';
import { type Desk, deskOf } from './desk-people.ts';

let test: TestRun;
let desk: Desk;
let guest: GuestPerson;
let member: SignedIn;
let agent: SignedIn;
let outsider: SignedIn;
let team: string;
/** The customer's conversation of the team: it has an answer, then a note. */
let support: string;
let note: number;

const secret = 'zirconium';

beforeAll(async () => {
  test = await sharedTestRun();
  desk = await deskOf(test, 'visible', { autoAssign: 'off' });
  team = await newTeam(test, desk.admin, 'Visible team');
  [guest, member, agent, outsider] = await Promise.all([
    newGuestPerson(test, desk.slug, 'visible'),
    desk.person('member'),
    desk.agent('amina', { teams: [team] }),
    desk.agent('bela'),
  ]);
  support = await desk.start(desk.customer, { teamId: team, subject: 'Help' });
  await desk.post(agent, `/conversations/${support}/assign`, { agentId: 'me' });
  await desk.say(desk.customer, support, 'Hello?');
  await desk.say(agent, support, 'How can I help?');
  note = await write(`${secret} note`);
  await test.run.settled();
});
afterAll(() => test.stop());

async function write(text: string): Promise<number> {
  const answer = await desk.post(agent, `/conversations/${support}/notes`, { text, clientMessageId: ulid() });
  expect(answer.status, answer.text).toBe(201);
  return answer.body.seq as number;
}

const status = async (who: SignedIn, path: string) => (await desk.get(who, path)).status;

describe('a support conversation', () => {
  it('is opened by an agent for another team, with its message, and exists for that team only', async () => {
    const message = { type: 'text', text: 'The customer called', clientMessageId: ulid() };
    const start = { kind: 'support', teamId: team, customerId: desk.customer.userId, message };
    const opened = await desk.post(outsider, '/conversations', { ...start, clientConversationId: ulid() });
    expect(opened.status, opened.text).toBe(201);
    const path = `/conversations/${opened.body.id}`;
    const { body } = await desk.get(agent, `${path}/messages`);
    expect(body.items.map(({ text }: { text?: string }) => text)).toContain('The customer called');
    expect(await status(outsider, path)).toBe(404);
  });

  it('exists for its customer, its team’s agents and admins only', async () => {
    const path = `/conversations/${support}`;
    for (const who of [desk.customer, agent, desk.admin]) expect(await status(who, path)).toBe(200);
    for (const who of [member, guest, outsider]) {
      expect(await status(who, path)).toBe(404);
      expect(await status(who, `${path}/messages`)).toBe(404);
      expect(await status(who, `${path}/messages/${note}`)).toBe(404);
    }
    expect((await desk.post(outsider, `${path}/assign`, { agentId: 'me' })).status).toBe(404);
    expect((await desk.post(desk.customer, `${path}/resolve`)).status).toBe(403);
    expect((await desk.post(guest, `${path}/notes`, { text: 'x', clientMessageId: ulid() })).status).toBe(403);
  });

  it('is in the lists of agents with access, and in that of its customer', async () => {
    const listed = async (who: SignedIn, query: string) =>
      ((await desk.get(who, `/conversations${query}`)).body.items as Frame[]).map(({ id }) => id as string);
    expect(await listed(agent, '?view=all')).toContain(support);
    expect(await listed(desk.admin, '?view=all')).toContain(support);
    expect(await listed(outsider, '?view=all')).not.toContain(support);
    expect(await listed(outsider, `?teamId=${team}`)).toEqual([]);
    expect(await listed(outsider, `?assigneeId=${agent.userId}`)).toEqual([]);
    expect(await listed(desk.customer, '')).toContain(support);
    expect(await listed(member, '')).toEqual([]);
  });

  it('is open to agents of other teams while it has no team, and to guests who started it', async () => {
    const id = await desk.start(guest);
    expect(await status(outsider, `/conversations/${id}`)).toBe(200);
    expect(await status(guest, `/conversations/${id}`)).toBe(200);
    expect(await status(member, `/conversations/${id}`)).toBe(404);
    expect(await desk.start(guest, { subject: 'Again' })).toBe(id);
  });

  it('does not reveal its tags, its service level and its ladder to the customer', async () => {
    const { body } = await desk.get(desk.customer, `/conversations/${support}`);
    expect(body).not.toHaveProperty('tags');
    expect(body).not.toHaveProperty('sla');
  });
});

describe('a note', () => {
  it('is visible to agents, and missing in the customer’s messages, last message and unread count', async () => {
    const page = await desk.get(agent, `/conversations/${support}/messages`);
    expect(page.text).toContain(secret);
    const own = await desk.get(desk.customer, `/conversations/${support}/messages`);
    expect(own.text).not.toContain(secret);
    expect(own.body.items.map(({ seq }: Frame) => seq as number)).not.toContain(note);
    expect(await status(desk.customer, `/conversations/${support}/messages/${note}`)).toBe(404);
    const before = (await desk.get(desk.customer, `/conversations/${support}`)).body;
    expect(before.lastMessage.text).toBe('How can I help?');
    note = await write(`${secret} again`);
    await test.run.settled();
    const after = (await desk.get(desk.customer, `/conversations/${support}`)).body;
    expect(after.unreadCount).toBe(before.unreadCount);
    expect(after.lastMessage).toEqual(before.lastMessage);
    expect((await desk.get(desk.customer, '/conversations')).text).not.toContain(secret);
  });

  it('reaches connected and returning customers as entry.hidden, and agents with its text', async () => {
    const [customer, worker] = [await connect(test, desk.customer), await connect(test, agent)];
    const seq = await write(`${secret} live`);
    const isNote = (frame: Frame) => frame.conversationId === support && frame.seq === seq;
    expect(await customer.frame(isNote)).toMatchObject({ type: 'entry.hidden', data: {} });
    const received = await worker.frame(isNote);
    expect(JSON.stringify(received)).toContain(`${secret} live`);
    await Promise.all([customer.close(), worker.close()]);
    for (const events of [
      (await catchUpCalls(test).overHttp(desk.customer, { [support]: 0 })).events,
      (await catchUpCalls(test).overSocket(desk.customer, { resume: { [support]: 0 } })).events,
    ]) {
      expect(JSON.stringify(events)).not.toContain(secret);
      expect(events.find(isNote)).toMatchObject({ type: 'entry.hidden' });
    }
    const { events } = await catchUpCalls(test).overHttp(agent, { [support]: 0 });
    expect(JSON.stringify(events)).toContain(secret);
  });

  it('is not found by a search of the customer', async () => {
    await test.run.settled();
    expect((await desk.get(desk.customer, `/search/messages?q=${secret}`)).body.items).toEqual([]);
    expect(
      (await desk.get(desk.customer, `/search/messages?q=${secret}&conversationId=${support}`)).body.items,
    ).toEqual([]);
    const found = await desk.get(desk.customer, '/search/messages?q=help');
    expect(found.body.items).toMatchObject([{ conversationId: support, text: 'How can I help?' }]);
  });

  it('cannot be answered, edited, deleted or reacted to by the customer', async () => {
    const path = `/conversations/${support}/messages`;
    const answered = await desk.say(desk.customer, support, 'What?', { replyTo: note });
    expect(answered).toMatchObject({ status: 422, body: { code: 'REFERENCE_NOT_FOUND' } });
    expect((await desk.patch(desk.customer, `${path}/${note}`, { text: 'changed' })).status).toBe(404);
  });
});

describe('an agent who types', () => {
  it('is announced to the customer, and to no agent without access', async () => {
    const [customer, other, worker] = await Promise.all([
      connect(test, desk.customer),
      connect(test, outsider),
      connect(test, agent),
    ]);
    const isTyping = (frame: Frame) => frame.type === 'typing.started' && frame.conversationId === support;
    const answer = await worker.request('typing.start', { conversationId: support });
    expect(answer.type).toBe('ack');
    expect(await customer.frame(isTyping)).toMatchObject({ data: { userId: agent.userId } });
    const refused = await other.request('typing.start', { conversationId: support });
    expect(refused).toMatchObject({ type: 'error', problem: { code: 'CONVERSATION_NOT_FOUND' } });
    expect(other.frames.filter(isTyping)).toEqual([]);
    await Promise.all([customer.close(), other.close(), worker.close()]);
  });
});
