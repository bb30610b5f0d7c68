import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestRun } from '../harness.ts';
import { conversationOf } from '../people.ts';
import { sharedTestRun } from '../shared-run.ts';
import { type Desk, deskOf } from './desk-people.ts';

let test: TestRun;
beforeAll(async () => {
  test = await sharedTestRun();
});
afterAll(() => test.stop());

async function bulk(desk: Desk, conversationIds: readonly string[], action: object) {
  const answer = await desk.post(desk.admin, '/conversations/bulk', { conversationIds, ...action });
  expect(answer.status, answer.text).toBe(200);
  return answer.body.outcomes as {
    readonly id: string;
    readonly ok: boolean;
    readonly problem?: { readonly code: string };
    readonly transcript?: { readonly content: string; readonly messages: number };
  }[];
}

const stateOf = async (desk: Desk, id: string) => (await desk.get(desk.admin, `/conversations/${id}`)).body;

describe('a bulk action', () => {
  it('has an outcome for each conversation, and one that fails does not stop the others', async () => {
    const desk = await deskOf(test, 'bulk', { autoAssign: 'off' });
    const [first, second] = [await desk.start(desk.customer), await desk.start(desk.customer)];
    const other = await desk.person('other');
    const direct = await conversationOf(test, desk.admin, other);
    const foreign = await conversationOf(test, desk.customer, other);
    const absent = ulid();
    const outcomes = await bulk(desk, [first, absent, direct, foreign, second], { action: 'status', status: 'closed' });
    expect(outcomes.map(({ id, ok, problem }) => [id, ok, problem?.code])).toEqual([
      [first, true, undefined],
      [absent, false, 'CONVERSATION_NOT_FOUND'],
      [direct, false, 'NOT_A_SUPPORT_CONVERSATION'],
      [foreign, false, 'CONVERSATION_NOT_FOUND'],
      [second, true, undefined],
    ]);
    expect(await stateOf(desk, second)).toMatchObject({ status: 'closed' });
  });

  it('changes nothing when it is repeated', async () => {
    const desk = await deskOf(test, 'repeated', { autoAssign: 'off' });
    const amina = await desk.agent('amina');
    const id = await desk.start(desk.customer, { tags: ['old'] });
    const actions = [
      { action: 'tag', addTags: ['billing'], removeTags: ['old'] },
      { action: 'escalate' },
      { action: 'markUrgent' },
      { action: 'escalate' },
      { action: 'assign', agentId: amina.userId },
      { action: 'priority', priority: 'low' },
      { action: 'status', status: 'resolved' },
      { action: 'archive' },
      { action: 'delete' },
    ];
    for (const action of actions) {
      expect(await bulk(desk, [id], action)).toEqual([{ id, ok: true }]);
      const { lastSeq } = await stateOf(desk, id);
      expect(await bulk(desk, [id], action), action.action).toEqual([{ id, ok: true }]);
      expect((await stateOf(desk, id)).lastSeq, action.action).toBe(lastSeq);
    }
    const { items } = (await desk.get(desk.admin, `/conversations/${id}/messages`)).body;
    expect(items.at(-1)).toMatchObject({ senderId: desk.admin.userId, system: { kind: 'wiped' } });
    expect(await stateOf(desk, id)).toMatchObject({ wiped: true, archived: true, status: 'closed', priority: 'low' });
  });

  it('gives no conversation more tags than one can have', async () => {
    const desk = await deskOf(test, 'tagged', { autoAssign: 'off' });
    const tagsOf = (first: number) => Array.from({ length: 10 }, (_, index) => `tag-${first + index}`);
    const [full, empty] = [await desk.start(desk.customer, { tags: tagsOf(0) }), await desk.start(desk.customer)];
    const add = (more: object = {}) => bulk(desk, [full, empty], { action: 'tag', addTags: tagsOf(10), ...more });
    const refused = { id: full, ok: false, problem: { code: 'TOO_MANY_TAGS', retryable: false } };
    expect(await add()).toMatchObject([refused, { id: empty, ok: true }]);
    expect((await stateOf(desk, full)).tags).toEqual(tagsOf(0));
    expect(await add({ removeTags: tagsOf(0) })).toEqual([full, empty].map((id) => ({ id, ok: true })));
    expect((await stateOf(desk, full)).tags).toEqual(tagsOf(10));
    expect((await desk.say(desk.customer, full, 'Help', { urgent: true })).status).toBe(201);
  });

  it('keeps an urgent conversation urgent when it escalates', async () => {
    const desk = await deskOf(test, 'escalated', { autoAssign: 'off' });
    const [low, urgent] = [await desk.start(desk.customer, { priority: 'low' }), await desk.start(desk.customer)];
    await bulk(desk, [urgent], { action: 'markUrgent' });
    await bulk(desk, [low, urgent], { action: 'escalate' });
    expect(await stateOf(desk, low)).toMatchObject({ priority: 'high' });
    expect(await stateOf(desk, urgent)).toMatchObject({ priority: 'urgent', urgency: { seq: 2 } });
  });

  it('exports transcripts with the notes', async () => {
    const desk = await deskOf(test, 'exported', { autoAssign: 'off' });
    const id = await desk.start(desk.customer);
    await desk.say(desk.customer, id, 'Where is my parcel?');
    await desk.post(desk.admin, `/conversations/${id}/notes`, { text: 'Lost', clientMessageId: ulid() });
    const [outcome] = await bulk(desk, [id], { action: 'export' });
    expect(outcome?.transcript?.messages).toBe(3);
    expect(outcome?.transcript?.content).toMatch(/Where is my parcel\?.*\n.*Lost/);
  });

  it('is for admins, and rejects members of another action', async () => {
    const desk = await deskOf(test, 'admins', { autoAssign: 'off' });
    const amina = await desk.agent('amina');
    const id = await desk.start(desk.customer);
    const body = { conversationIds: [id], action: 'escalate' };
    expect((await desk.post(amina, '/conversations/bulk', body)).status).toBe(403);
    for (const [change, pointer] of [
      [{ action: 'status' }, '/body/status'],
      [{ action: 'tag' }, '/body/addTags'],
      [{ action: 'delete', priority: 'low' }, '/body/priority'],
      [{ conversationIds: [id, id] }, '/body/conversationIds'],
    ] as const) {
      const answer = await desk.post(desk.admin, '/conversations/bulk', { ...body, ...change });
      expect(answer, answer.text).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
    }
  });
});
