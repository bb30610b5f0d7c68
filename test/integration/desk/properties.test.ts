import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newGuestPerson } from '../guests/guest-person.ts';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { deskOf } from './desk-people.ts';

let test: TestRun;
beforeAll(async () => {
  test = await sharedTestRun();
});
afterAll(() => test.stop());

interface Entry {
  readonly type: string;
  readonly system?: { readonly kind: string; readonly changed?: readonly string[]; readonly subject?: string | null };
}

describe('an update of a support conversation', () => {
  it('is for agents, and customers see what concerns them', async () => {
    const desk = await deskOf(test, 'properties', { autoAssign: 'off' });
    const amina = await desk.agent('amina');
    const id = await desk.start(desk.customer, { subject: 'Login', description: 'Locked' });
    const path = `/conversations/${id}`;
    const metadata = { page: '/login' };
    const changed = await desk.patch(amina, path, { subject: 'I cannot log in', description: null, metadata });
    expect(changed.body, changed.text).toMatchObject({ subject: 'I cannot log in', metadata });
    expect(changed.body.description).toBeUndefined();
    const tagged = await desk.patch(amina, path, { tags: ['login'], language: 'fr' });
    expect(tagged.body).toMatchObject({ tags: ['login'], lastSeq: 3 });
    expect((await desk.patch(amina, path, { tags: ['login'] })).body.lastSeq).toBe(3);
    expect((await desk.get(amina, '/conversations?tag=login')).body.items).toHaveLength(1);

    const entriesOf = async (who: typeof amina) => (await desk.get(who, `${path}/messages`)).body.items as Entry[];
    expect((await entriesOf(amina)).map(({ system }) => system?.changed)).toEqual([
      undefined,
      ['subject', 'description', 'metadata'],
      ['tags', 'language'],
    ]);
    const seen = await entriesOf(desk.customer);
    expect(seen.map(({ system }) => system?.subject)).toEqual([undefined, 'I cannot log in']);
    expect((await desk.get(desk.customer, path)).body).toMatchObject({ subject: 'I cannot log in' });
  });

  it('changes only the subject for a guest', async () => {
    const desk = await deskOf(test, 'guests', { guests: 'on' });
    const guest = await newGuestPerson(test, desk.slug, 'pier');
    const id = await desk.start(guest);
    const changed = await desk.patch(guest, `/conversations/${id}`, { subject: 'My boat' });
    expect(changed.body, changed.text).toMatchObject({ subject: 'My boat' });
    const refused = await desk.patch(guest, `/conversations/${id}`, { subject: 'Boat', priority: 'urgent' });
    expect(refused).toMatchObject({ status: 403, body: { errors: [{ pointer: '/body/priority' }] } });
    expect((await desk.patch(desk.customer, `/conversations/${id}`, { subject: 'Mine' })).status).toBe(404);
  });

  it('starts the escalation by hand, and ends it with a lower priority', async () => {
    const desk = await deskOf(test, 'by-hand', { autoAssign: 'off' });
    const amina = await desk.agent('amina');
    const id = await desk.start(desk.customer);
    const urgent = await desk.patch(amina, `/conversations/${id}`, { priority: 'urgent' });
    expect(urgent.body, urgent.text).toMatchObject({ priority: 'urgent', urgency: { seq: 2 } });
    expect(urgent.body.urgency.acknowledgedAt).toBeUndefined();
    const lowered = await desk.patch(amina, `/conversations/${id}`, { priority: 'low' });
    expect(lowered.body).toMatchObject({ priority: 'low', urgency: { acknowledgedBy: amina.userId } });
    expect((await desk.get(amina, '/conversations/counts')).body).toMatchObject({ all: 1, unassigned: 1 });
  });

  it('archives a closed conversation until it is reopened', async () => {
    const desk = await deskOf(test, 'archive', { autoAssign: 'off' });
    const amina = await desk.agent('amina');
    const id = await desk.start(desk.customer);
    expect((await desk.patch(amina, `/conversations/${id}`, { archived: true })).body.code).toBe('ILLEGAL_TRANSITION');
    await desk.post(amina, `/conversations/${id}/close`);
    const archived = await desk.patch(amina, `/conversations/${id}`, { archived: true });
    expect(archived.body, archived.text).toMatchObject({ archived: true });
    const closed = async () => (await desk.get(amina, '/conversations?status=closed')).body.items;
    expect(await closed()).toEqual([]);
    await desk.post(amina, `/conversations/${id}/reopen`);
    expect((await desk.get(amina, '/conversations?view=unassigned')).body.items).toHaveLength(1);
  });
});
