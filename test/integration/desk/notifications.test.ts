import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Notification } from '../../../shared/contract/schemas/notification.ts';
import type { TestRun } from '../harness.ts';
import { newGuestPerson } from '../guests/guest-person.ts';
import { NotifiedPerson } from '../notifications/notified-person.ts';
import type { SignedIn } from '../raw-client.ts';
import { sharedTestRun } from '../shared-run.ts';
import { Tables } from '../system/tables.ts';
import { deskOf } from './desk-people.ts';

const consumerName = 'switchboard-dev-notify';

let test: TestRun;
/** Of each event, to the consumer of notifications. */
let deliveries = 1;

beforeAll(async () => {
  test = await sharedTestRun({ deliveries: (ruleName) => (ruleName === consumerName ? deliveries : 1) });
});

afterAll(() => test.stop());

/** Oldest first. */
async function received(who: SignedIn): Promise<readonly Notification[]> {
  await test.run.settled();
  return [...(await new NotifiedPerson(test, who).list()).items].reverse();
}

async function kindsOf(who: SignedIn): Promise<readonly string[]> {
  return (await received(who)).map(({ kind }) => kind);
}

describe('the desk', () => {
  it('notifies agents and the customer of everything that concerns them, once each, without text', async () => {
    const desk = await deskOf(test, 'notified', { autoAssign: 'off' });
    const [amina, bela] = [await desk.agent('amina'), await desk.agent('bela')];
    deliveries = 2;
    const message = { type: 'text', text: 'A secret', clientMessageId: ulid() };
    const id = await desk.start(desk.customer, { subject: 'Secret', message });
    await test.run.settled();
    await desk.post(desk.admin, `/conversations/${id}/assign`, { agentId: amina.userId });
    await desk.say(desk.customer, id, 'Are you there?');
    await desk.say(amina, id, 'Yes.');
    await desk.post(amina, `/conversations/${id}/transfer`, { agentId: bela.userId });
    const note = { text: 'Please help.', mentions: [amina.userId], clientMessageId: ulid() };
    expect((await desk.post(bela, `/conversations/${id}/notes`, note)).status).toBe(201);
    await desk.post(bela, `/conversations/${id}/resolve`);
    await desk.post(desk.admin, `/conversations/${id}/close`);
    const [customers, aminas, belas] = [await received(desk.customer), await received(amina), await received(bela)];
    deliveries = 1;
    expect(customers.map(({ kind }) => kind)).toEqual(['new-message', 'resolved', 'closed']);
    expect(aminas.map(({ kind }) => kind)).toEqual(['queue', 'assigned', 'new-message', 'mention']);
    expect(belas.map(({ kind }) => kind)).toEqual(['queue', 'transferred', 'closed']);
    expect(aminas[1]).toEqual({
      ...{ id: expect.any(String) as string, kind: 'assigned', conversationId: id, seq: 3 },
      ...{ actorId: desk.admin.userId, data: { toId: amina.userId }, createdAt: expect.any(String) as string },
    });
    expect(belas[1]).toMatchObject({ data: { fromId: amina.userId, toId: bela.userId }, actorId: amina.userId });
    expect(JSON.stringify([customers, aminas, belas])).not.toMatch(/secret|Please|Yes|there/i);
  });

  it('notifies available agents with access only', async () => {
    const desk = await deskOf(test, 'reach', { autoAssign: 'off' });
    const made = await desk.post(desk.admin, '/teams', { name: 'Billing' });
    const teamId = made.body.id as string;
    const [inTeam, away, other] = [
      await desk.agent('inside', { teams: [teamId] }),
      await desk.agent('away', { teams: [teamId], availability: 'away' }),
      await desk.agent('other'),
    ];
    const id = await desk.start(desk.customer, { teamId });
    expect(await Promise.all([inTeam, away, other].map(kindsOf))).toEqual([['queue'], [], []]);
    await desk.post(desk.admin, `/conversations/${id}/assign`, { agentId: inTeam.userId });
    await desk.post(desk.admin, `/conversations/${id}/unassign`);
    expect(await kindsOf(inTeam)).toEqual(['queue', 'assigned', 'unassigned']);
  });

  it('does not announce a conversation as waiting that an agent already has', async () => {
    const desk = await deskOf(test, 'taken');
    const [amina, bela] = [await desk.agent('amina'), await desk.agent('bela')];
    await desk.start(desk.customer);
    expect([await kindsOf(amina), await kindsOf(bela)]).toEqual([['assigned'], []]);
  });

  it('gives guests no notifications', async () => {
    const desk = await deskOf(test, 'unnotified');
    const amina = await desk.agent('amina');
    const guest = await newGuestPerson(test, desk.slug, 'Gast');
    const id = await desk.start(guest);
    await desk.say(amina, id, 'How can I help?');
    await desk.post(amina, `/conversations/${id}/resolve`);
    expect(await kindsOf(amina)).toEqual(['assigned']);
    expect(await new NotifiedPerson(test, guest).stored(new Tables(test.run))).toEqual([]);
  });

  it('notifies of each step of an escalation until a person acknowledges', async () => {
    const desk = await deskOf(test, 'urgent', { autoAssign: 'off' });
    const [amina, bela] = [await desk.agent('amina'), await desk.agent('bela', { availability: 'away' })];
    const id = await desk.start(desk.customer);
    await test.run.settled();
    await desk.say(desk.customer, id, 'Help!', { urgent: true });
    expect([await kindsOf(amina), await kindsOf(bela)]).toEqual([['queue', 'urgent'], []]);
    test.run.timers.advance(16_000);
    expect([await kindsOf(amina), await kindsOf(bela)]).toEqual([['queue', 'urgent', 'urgent'], ['urgent']]);
    expect((await received(bela))[0]).toMatchObject({ data: { step: 2 } });
    await desk.post(amina, `/conversations/${id}/acknowledge`);
    test.run.timers.advance(16_000);
    expect(await kindsOf(amina)).toEqual(['queue', 'urgent', 'urgent']);
  });
});
