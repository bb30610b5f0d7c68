import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { type Desk, deskOf } from './desk-people.ts';

let test: TestRun;
beforeAll(async () => {
  test = await sharedTestRun();
});
afterAll(() => test.stop());

describe('a support conversation', () => {
  it('goes from waiting to closed, and every step is in its log', async () => {
    const desk = await deskOf(test, 'life', { autoAssign: 'off' });
    const amina = await desk.agent('amina');
    const id = await desk.start(desk.customer, {
      subject: 'I cannot log in',
      priority: 'high',
      message: { type: 'text', text: 'Hello?', clientMessageId: ulid() },
    });

    const waiting = (await desk.get(amina, `/conversations/${id}`)).body;
    expect(waiting).toMatchObject({ status: 'waiting', priority: 'high', subject: 'I cannot log in', lastSeq: 2 });
    expect(waiting.sla).toMatchObject({ metric: 'first-response', state: 'active' });

    const taken = await desk.post(amina, `/conversations/${id}/assign`, { agentId: 'me' });
    expect(taken.body).toMatchObject({ status: 'active', assigneeId: amina.userId, assigneeName: 'amina' });
    expect((await desk.say(amina, id, 'How can I help?')).status).toBe(201);
    expect((await desk.get(desk.customer, `/conversations/${id}`)).body.sla).toBeUndefined();

    const resolved = await desk.post(amina, `/conversations/${id}/resolve`);
    expect(resolved.body).toMatchObject({ status: 'resolved' });
    expect((await desk.say(desk.customer, id, 'Not yet!')).status).toBe(201);
    expect((await desk.get(amina, `/conversations/${id}`)).body).toMatchObject({ status: 'waiting' });

    await desk.post(amina, `/conversations/${id}/close`);
    const refused = await desk.say(desk.customer, id, 'Hello?');
    expect(refused).toMatchObject({ status: 409, body: { code: 'CONVERSATION_CLOSED' } });

    const { items } = (await desk.get(amina, `/conversations/${id}/messages`)).body;
    expect(items.map(({ type, text, system }: never) => text ?? (system as { kind: string })?.kind ?? type)).toEqual([
      'opened',
      'Hello?',
      'assigned',
      'How can I help?',
      'resolved',
      'Not yet!',
      'closed',
    ]);
  });

  it('is assigned to the agent with the fewest open conversations', async () => {
    const desk: Desk = await deskOf(test, 'auto');
    const [amina, bela] = [await desk.agent('amina'), await desk.agent('bela')];
    const ids = [await desk.start(desk.customer), await desk.start(desk.customer), await desk.start(desk.customer)];
    const views = await Promise.all(ids.map(async (id) => (await desk.get(desk.admin, `/conversations/${id}`)).body));
    expect(views.map(({ status }) => status)).toEqual(['active', 'active', 'active']);
    expect(views.map(({ assigneeId }) => assigneeId)).toEqual([amina.userId, bela.userId, amina.userId]);
    const agents = (await desk.get(desk.admin, '/agents')).body.items;
    expect(agents.find(({ id }: { id: string }) => id === amina.userId)).toMatchObject({ load: 2 });
  });

  it('waits until capacity is free, and then gets the agent at once', async () => {
    const desk = await deskOf(test, 'drain');
    const amina = await desk.agent('amina', { maxConcurrent: 1 });
    const [first, second] = [await desk.start(desk.customer), await desk.start(desk.customer)];
    expect((await desk.get(amina, `/conversations/${second}`)).body.status).toBe('waiting');
    await desk.post(amina, `/conversations/${first}/resolve`);
    await test.run.settled();
    expect((await desk.get(amina, `/conversations/${second}`)).body).toMatchObject({
      status: 'active',
      assigneeId: amina.userId,
    });
    expect((await desk.get(amina, '/conversations/counts')).body).toMatchObject({ mine: 1, unassigned: 0, all: 1 });
  });
});
