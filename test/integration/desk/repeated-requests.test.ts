import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestRun } from '../harness.ts';
import type { SignedIn } from '../raw-client.ts';
import { sharedTestRun } from '../shared-run.ts';
import { type Desk, deskOf } from './desk-people.ts';

let test: TestRun;
beforeAll(async () => {
  test = await sharedTestRun();
});
afterAll(() => test.stop());

interface Shift {
  readonly desk: Desk;
  readonly teamId: string;
  readonly amina: SignedIn;
  readonly bela: SignedIn;
  readonly id: string;
}

/** Amina and Bela are in the team, and Amina has the conversation. */
async function shiftOf(name: string, settings: object = { autoAssign: 'off' }): Promise<Shift> {
  const desk = await deskOf(test, name, settings);
  const teamId = (await desk.post(desk.admin, '/teams', { name: 'Billing' })).body.id as string;
  const amina = await desk.agent('amina', { teams: [teamId] });
  const id = await desk.start(desk.customer);
  await desk.post(amina, `/conversations/${id}/assign`, { agentId: 'me' });
  return { desk, teamId, amina, bela: await desk.agent('bela', { teams: [teamId] }), id };
}

async function kindsIn({ desk, id }: Shift): Promise<readonly string[]> {
  const { items } = (await desk.get(desk.admin, `/conversations/${id}/messages`)).body;
  return items.map(({ type, text, system }: { type: string; text?: string; system?: { kind: string } }) =>
    type === 'note' ? `note: ${text}` : (system?.kind ?? type),
  );
}

const begun = ['opened', 'assigned'];

describe('a repeated transfer', () => {
  it.each(['agentId', 'teamId'])('writes its note once, and another note again: to the same %s', async (member) => {
    const shift = await shiftOf(`again-${member.toLowerCase()}`);
    const { desk, teamId, amina, bela, id } = shift;
    const target = member === 'teamId' ? { teamId } : { agentId: bela.userId };
    for (const note of ['Yours', 'Yours', undefined, 'She is called Ada', 'She is called Ada']) {
      const answer = await desk.post(amina, `/conversations/${id}/transfer`, { ...target, ...(note && { note }) });
      expect(answer.status, answer.text).toBe(200);
    }
    expect(await kindsIn(shift)).toEqual([...begun, 'transferred', 'note: Yours', 'note: She is called Ada']);
  });

  it('leaves the conversation with the agent who got it meanwhile, if it has an id', async () => {
    const shift = await shiftOf('queue-moved-on', { autoAssign: 'on' });
    const { desk, teamId, amina, bela, id } = shift;
    await desk.patch(amina, '/agents/me', { availability: 'busy' });
    const body = { teamId, note: 'Yours', clientMessageId: ulid() };
    for (const _ of [1, 2, 3]) {
      const answer = await desk.post(amina, `/conversations/${id}/transfer`, body);
      expect(answer).toMatchObject({ status: 200, body: { status: 'active', assigneeId: bela.userId } });
    }
    const kinds = await kindsIn(shift);
    expect(kinds.toSorted()).toEqual([...begun, 'assigned', 'transferred', 'note: Yours'].toSorted());
  });

  it('is refused if it has the same id and another target', async () => {
    const { desk, teamId, amina, bela, id } = await shiftOf('other-target');
    const clientMessageId = ulid();
    await desk.post(amina, `/conversations/${id}/transfer`, { agentId: bela.userId, clientMessageId });
    const other = await desk.post(amina, `/conversations/${id}/transfer`, { teamId, clientMessageId });
    expect(other).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_CONFLICT' } });
    expect((await desk.get(amina, `/conversations/${id}`)).body.assigneeId).toBe(bela.userId);
  });
});

describe('a repeated request', () => {
  it('keeps the agent whom the service has chosen', async () => {
    const { desk, amina, bela, id } = await shiftOf('any-agent');
    await desk.post(amina, `/conversations/${id}/unassign`);
    const path = `/conversations/${id}/assign`;
    const { assigneeId } = (await desk.post(desk.admin, path, { agentId: 'auto' })).body;
    expect([amina.userId, bela.userId]).toContain(assigneeId);
    await desk.patch(desk.admin, `/agents/${assigneeId}`, { maxConcurrent: 1 });
    expect(await desk.post(desk.admin, path, { agentId: 'auto' })).toMatchObject({ status: 200, body: { assigneeId } });
    const bulk = { conversationIds: [id], action: 'assign', agentId: 'auto' };
    const { outcomes } = (await desk.post(desk.admin, '/conversations/bulk', bulk)).body;
    expect(outcomes).toEqual([{ id, ok: true }]);
  });

  it.each([
    ['resolve', undefined],
    ['close', undefined],
    ['acknowledge', undefined],
    ['assign', { agentId: 'me' }],
  ])('adds nothing to the log: %s', async (operation, body) => {
    const { desk, amina, id } = await shiftOf(`again-${operation}`);
    await desk.say(desk.customer, id, 'Help', { urgent: true });
    const send = () => desk.post(amina, `/conversations/${id}/${operation}`, body);
    expect((await send()).status).toBe(200);
    await test.run.settled();
    const { lastSeq } = (await desk.get(amina, `/conversations/${id}`)).body;
    expect((await send()).status).toBe(200);
    expect((await desk.get(amina, `/conversations/${id}`)).body.lastSeq).toBe(lastSeq);
  });
});
