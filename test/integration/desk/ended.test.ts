import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { announce, complete, get, readyAttachment, textFile, uploaded } from '../attachments/upload.ts';
import { newGuestPerson } from '../guests/guest-person.ts';
import type { TestRun } from '../harness.ts';
import { call, type HttpAnswer, type SignedIn } from '../raw-client.ts';
import { sharedTestRun } from '../shared-run.ts';
import { type Desk, deskOf } from './desk-people.ts';

let test: TestRun;
beforeAll(async () => {
  test = await sharedTestRun();
});
afterAll(() => test.stop());

const note = (text: string) => ({ text, clientMessageId: ulid() });
const thumb = encodeURIComponent('👍');

function request(who: SignedIn, method: string, path: string, body?: object): Promise<HttpAnswer> {
  return call(test.url, method, `/api/v1${path}`, { token: who.token, ...(body && { body }) });
}

/** Every way to change the message of a person. The colleague reacts to it. */
function changesOf(id: string, seq: number, author: SignedIn, colleague: SignedIn): Promise<HttpAnswer>[] {
  const path = `/conversations/${id}/messages/${seq}`;
  return [
    request(author, 'PATCH', path, { text: 'changed afterwards' }),
    request(author, 'DELETE', path),
    request(colleague, 'PUT', `${path}/reactions/${thumb}`),
  ];
}

async function lastSeqOf(desk: Desk, id: string): Promise<number> {
  return (await desk.get(desk.admin, `/conversations/${id}`)).body.lastSeq as number;
}

async function talk(desk: Desk) {
  const amina = await desk.agent('amina');
  const id = await desk.start(desk.customer);
  const question = (await desk.say(desk.customer, id, 'Hello?')).body.seq as number;
  const answer = (await desk.say(amina, id, 'Hello')).body.seq as number;
  const written = (await desk.post(amina, `/conversations/${id}/notes`, note('Her account was locked'))).body;
  return { amina, id, question, answer, noted: written.seq as number };
}

describe('a closed conversation', () => {
  it('keeps its messages as they were', async () => {
    const desk = await deskOf(test, 'kept-messages', { autoAssign: 'off' });
    const { amina, id, question, answer } = await talk(desk);
    const path = `/conversations/${id}/messages`;
    expect((await request(desk.customer, 'PUT', `${path}/${answer}/reactions/${thumb}`)).status).toBe(200);
    const deleted = (await desk.say(desk.customer, id, 'Never mind')).body.seq as number;
    expect((await request(desk.customer, 'DELETE', `${path}/${deleted}`)).status).toBe(200);
    await desk.post(amina, `/conversations/${id}/close`);
    const end = await lastSeqOf(desk, id);

    const answers = await Promise.all([
      ...changesOf(id, question, desk.customer, amina),
      ...changesOf(id, answer, amina, desk.admin),
      request(desk.customer, 'DELETE', `${path}/${answer}/reactions/${thumb}`),
    ]);
    expect(answers.map(({ body }) => body.code)).toEqual(answers.map(() => 'CONVERSATION_CLOSED'));
    // Repetitions of requests whose answers were lost.
    const repeated = [
      request(desk.customer, 'DELETE', `${path}/${deleted}`),
      request(desk.customer, 'PUT', `${path}/${answer}/reactions/${thumb}`),
    ];
    expect((await Promise.all(repeated)).map(({ status }) => status)).toEqual([200, 200]);
    expect(await lastSeqOf(desk, id)).toBe(end);
  });

  it('rejects a new subject after the close, and lets agents change tags', async () => {
    const desk = await deskOf(test, 'kept-texts', { autoAssign: 'off' });
    const { amina, id } = await talk(desk);
    await desk.post(amina, `/conversations/${id}/close`);
    for (const who of [desk.customer, amina]) {
      const changed = await desk.patch(who, `/conversations/${id}`, { subject: 'Read this' });
      expect(changed.body.code, changed.text).toBe('CONVERSATION_CLOSED');
    }
    expect((await desk.patch(amina, `/conversations/${id}`, { tags: ['billing'] })).status).toBe(200);
  });

  it('lets agents write and change notes', async () => {
    const desk = await deskOf(test, 'kept-notes', { autoAssign: 'off' });
    const { amina, id, noted } = await talk(desk);
    await desk.post(amina, `/conversations/${id}/close`);
    expect((await desk.post(amina, `/conversations/${id}/notes`, note('She called back'))).status).toBe(201);
    const edited = await request(amina, 'PATCH', `/conversations/${id}/messages/${noted}`, { text: 'Unlocked' });
    expect(edited).toMatchObject({ status: 200, body: { text: 'Unlocked' } });
  });

  it('is not what a guest’s start returns once messages no longer reopen it', async () => {
    const desk = await deskOf(test, 'another', { guests: 'on', autoAssign: 'off', reopenWindowHours: 0 });
    const amina = await desk.agent('amina');
    const guest = await newGuestPerson(test, desk.slug, 'another');
    const first = await desk.start(guest);
    await desk.post(amina, `/conversations/${first}/assign`, { agentId: 'me' });
    expect((await desk.post(amina, `/conversations/${first}/resolve`)).status).toBe(200);
    const message = { type: 'text', text: 'I need help again', clientMessageId: ulid() };
    const again = await desk.post(guest, '/conversations', { kind: 'support', message });
    expect(again.status, again.text).toBe(201);
    expect(again.body.id).not.toBe(first);
  });
});

describe('a wiped conversation', () => {
  it('rejects changes, notes and files', async () => {
    const desk = await deskOf(test, 'nothing-more', { autoAssign: 'off' });
    const { amina, id, question, answer, noted } = await talk(desk);
    const waiting = await uploaded(test, desk.customer, id, textFile('proof'));
    const ready = await readyAttachment(test, desk.customer, id);
    expect((await desk.post(desk.customer, `/conversations/${id}/wipe`)).status).toBe(204);

    // At once: the consumer of the event may not have run.
    expect((await get(test, desk.customer, ready)).status).toBe(404);
    expect((await complete(test, desk.customer, waiting)).status).toBe(404);
    for (const who of [desk.customer, amina]) {
      expect((await announce(test, who, id, textFile('more'))).body.code).toBe('CONVERSATION_NOT_FOUND');
    }
    const changed = await Promise.all([
      ...changesOf(id, question, desk.customer, amina),
      ...changesOf(id, answer, amina, desk.admin),
      ...changesOf(id, noted, amina, desk.admin),
    ]);
    expect(changed.map(({ body }) => body.code)).toEqual(changed.map(() => 'CONVERSATION_CLOSED'));
  });

  it('gets no note that is written at the same moment', async () => {
    const desk = await deskOf(test, 'late-notes', { autoAssign: 'off' });
    const amina = await desk.agent('amina');
    for (let round = 0; round < 10; round += 1) {
      const id = await desk.start(desk.customer);
      const write = () => desk.post(amina, `/conversations/${id}/notes`, note(`canary ${round}`));
      await write();
      await Promise.all([desk.post(desk.customer, `/conversations/${id}/wipe`), write(), write(), write()]);
      const { items } = (await desk.get(amina, `/conversations/${id}/messages`)).body;
      expect(items.at(-1)).toMatchObject({ type: 'system', system: { kind: 'wiped' } });
    }
  });

  it('shows no tags, neither now nor in its history', async () => {
    const desk = await deskOf(test, 'no-tags', { autoAssign: 'off' });
    const amina = await desk.agent('amina');
    const id = await desk.start(desk.customer, { tags: ['canary-of-the-tag'], skills: ['canary-of-the-skill'] });
    await desk.patch(amina, `/conversations/${id}`, { tags: ['canary-of-the-tag', 'other'] });
    expect((await desk.get(amina, `/conversations/${id}/messages`)).text).toContain('canary-of-the-tag');
    await desk.post(desk.customer, `/conversations/${id}/wipe`);
    const paths = [`/conversations/${id}`, `/conversations/${id}/messages`, '/conversations?status=closed'];
    const shown = await Promise.all(paths.map((path) => desk.get(amina, path)));
    for (const { status, text } of shown) expect([status, text.includes('canary')], text).toEqual([200, false]);
  });
});

describe('an agent who leaves a team', () => {
  it('loses its conversations at once', async () => {
    const desk = await deskOf(test, 'left-team', { autoAssign: 'off' });
    const teamId = (await desk.post(desk.admin, '/teams', { name: 'Crisis' })).body.id as string;
    const bela = await desk.agent('bela', { teams: [teamId] });
    const id = await desk.start(desk.customer, { teamId });
    const paths = [`/conversations/${id}`, `/conversations/${id}/messages`];
    for (const path of paths) expect((await desk.get(bela, path)).status).toBe(200);
    expect((await desk.get(bela, '/conversations?view=unassigned')).text).toContain(id);
    expect((await desk.patch(desk.admin, `/agents/${bela.userId}`, { teams: [] })).status).toBe(200);

    for (const path of paths) expect((await desk.get(bela, path)).status, path).toBe(404);
    expect((await desk.get(bela, '/conversations?view=unassigned')).text).not.toContain(id);
    expect((await desk.say(bela, id, 'Still here')).status).toBe(404);
    expect((await desk.post(bela, `/conversations/${id}/close`)).status).toBe(404);
  });
});

describe('a bulk action', () => {
  it('adds no more tags than every change of the conversation can move', async () => {
    const desk = await deskOf(test, 'many-tags', { autoAssign: 'off' });
    const id = await desk.start(desk.customer);
    const add = async (addTags: readonly string[]) => {
      const answer = await desk.post(desk.admin, '/conversations/bulk', {
        conversationIds: [id],
        action: 'tag',
        addTags,
      });
      return answer.body.outcomes[0];
    };
    const ten = (name: string) => Array.from({ length: 10 }, (_, index) => `${name}-${index}`);
    expect(await add(ten('first'))).toMatchObject({ ok: true });
    for (const name of ['second', 'third', 'fourth', 'fifth', 'sixth']) {
      expect(await add(ten(name))).toMatchObject({ ok: false, problem: { code: 'TOO_MANY_TAGS', status: 422 } });
    }
    expect((await desk.say(desk.customer, id, 'Help', { urgent: true })).status).toBe(201);
  });
});
