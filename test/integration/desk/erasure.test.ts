import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StoredObjects } from '../attachments/stored-objects.ts';
import { get, readyAttachment } from '../attachments/upload.ts';
import { nameOf } from '../../../shared/features/attachments/attachment-item.ts';
import { tenantPrefix } from '../../../shared/core/tenancy/tenant-scope.ts';
import { newGuestPerson } from '../guests/guest-person.ts';
import type { TestRun } from '../harness.ts';
import { storeNotification } from '../notifications/mentioning.ts';
import { call, type SignedIn } from '../raw-client.ts';
import { sharedTestRun } from '../shared-run.ts';
import { Faults } from '../system/faults.ts';
import { logAccess } from '../system/log-access.ts';
import { type StoredItem, Tables } from '../system/tables.ts';
import { type Desk, deskOf } from './desk-people.ts';

const faults = new Faults();
let test: TestRun;
let tables: Tables;
let objects: StoredObjects;
beforeAll(async () => {
  test = await sharedTestRun({ ...faults.plan, deliveries: () => deliveries });
  tables = new Tables(test.run);
  objects = new StoredObjects(test);
});
afterAll(() => test.stop());

let deliveries = 1;

const itemsAbout = async (text: string): Promise<readonly StoredItem[]> =>
  (await tables.items()).filter((item) => JSON.stringify(item).includes(text));

async function wipe(desk: Desk, who: SignedIn, id: string): Promise<void> {
  const answer = await desk.post(who, `/conversations/${id}/wipe`);
  expect(answer.status, answer.text).toBe(204);
  await test.run.settled();
}

/** A conversation of a user with a file, an indexed message, a draft and a notification. */
async function filled(desk: Desk, agent: SignedIn) {
  const id = await desk.start(desk.customer, { subject: 'My harbour', description: 'It is urgent.' });
  await desk.post(agent, `/conversations/${id}/assign`, { agentId: 'me' });
  const file = await readyAttachment(test, desk.customer, id);
  expect((await desk.say(desk.customer, id, 'with a lighthouse', { type: 'file', attachments: [file] })).status).toBe(
    201,
  );
  const unsent = await readyAttachment(test, desk.customer, id);
  expect((await desk.say(agent, id, 'See you', { mentions: [desk.customer.userId] })).status).toBe(201);
  const path = `/api/v1/conversations/${id}/messages/3/reactions/${encodeURIComponent('👍')}`;
  expect((await call(test.url, 'PUT', path, { token: agent.token })).status).toBe(200);
  const draft = await call(test.url, 'PUT', `/api/v1/conversations/${id}/draft`, {
    ...{ token: agent.token, body: { text: 'I would say' } },
  });
  expect(draft.status, draft.text).toBe(200);
  await storeNotification(tables, `${tenantPrefix}${agent.tenantId}#`, agent.userId, id);
  await test.run.settled();
  return { id, file, unsent };
}

describe('a wiped conversation', () => {
  it('leaves no file, search entry, draft, notification or key', async () => {
    const desk = await deskOf(test, 'erased');
    const agent = await desk.agent('amina');
    const { id, file, unsent } = await filled(desk, agent);
    expect((await objects.keysWith(id)).length).toBeGreaterThan(0);
    const before = await itemsAbout(id);
    const notifications = async () =>
      (await desk.get(agent, '/notifications')).body.items as { conversationId: string }[];
    expect((await notifications()).map(({ conversationId }) => conversationId)).toContain(id);
    expect(before.some(({ pk }) => pk.includes('#X#'))).toBe(true);

    deliveries = 2;
    await wipe(desk, desk.customer, id);
    deliveries = 1;

    expect(await objects.keysWith(id)).toEqual([]);
    const after = await itemsAbout(id);
    expect(after.filter(({ pk, sk }) => pk.includes('#X#') || pk.includes('OWNED#') || /^[DN]#/.test(sk))).toEqual([]);
    expect((await itemsAbout(file)).filter(({ sk }) => sk === 'FILE')).toEqual([]);
    expect((await get(test, desk.customer, unsent)).status).toBe(404);
    expect(await notifications()).toEqual([]);
    expect((await desk.get(agent, '/notifications/unread-count')).body).toMatchObject({ unreadCount: 0 });
    const used = (await tables.items()).filter(({ sk, pk }) => sk === 'FILES' && pk.includes(desk.customer.tenantId));
    expect(used.every(({ bytes }) => bytes === 0)).toBe(true);
    const shown = await desk.get(agent, `/conversations/${id}/messages`);
    expect(shown.text).not.toMatch(/lighthouse|See you|harbour/);
    const missed = await desk.get(agent, `/sync?positions=${encodeURIComponent(`${id}:0`)}`);
    expect(missed.status, missed.text).toBe(200);
    expect(missed.text).not.toMatch(/lighthouse|See you|harbour|👍/);
    expect((await desk.get(agent, `/conversations/${id}`)).body).toMatchObject({ status: 'closed', wiped: true });
  });

  it('leaves no readable name of a file whose message was deleted before', async () => {
    const desk = await deskOf(test, 'file-names');
    const id = await desk.start(desk.customer);
    const file = await readyAttachment(test, desk.customer, id);
    const sent = await desk.say(desk.customer, id, 'Look', { type: 'file', attachments: [file] });
    const path = `/api/v1/conversations/${id}/messages/${sent.body.seq}`;
    expect((await call(test.url, 'DELETE', path, { token: desk.customer.token })).status).toBe(200);
    await test.run.settled();
    await wipe(desk, desk.customer, id);
    const stub = (await itemsAbout(file)).find(({ sk, name }) => sk === 'FILE' && name !== undefined);
    const { scope, keys } = await logAccess(test.run, desk.customer.tenantId);
    const item = { attachmentId: file, name: stub?.['name'] as Uint8Array };
    expect(item.name.length).toBeGreaterThan(0);
    expect(() => nameOf(keys, scope, item)).toThrow();
  });

  it('accepts no note, and cannot be reopened', async () => {
    const desk = await deskOf(test, 'over');
    const id = await desk.start(desk.customer);
    await wipe(desk, desk.customer, id);
    const note = await desk.post(desk.admin, `/conversations/${id}/notes`, {
      ...{ text: 'Who was it?', clientMessageId: '01KAJ7A0GYHCN4P7R0T3W6Y9B2' },
    });
    expect(note.status).toBe(404);
    expect((await desk.post(desk.admin, `/conversations/${id}/reopen`)).body.code).toBe('ILLEGAL_TRANSITION');
  });
});

describe('the profile of a guest', () => {
  it('is erased with the last conversation, and can be filled again', async () => {
    const desk = await deskOf(test, 'profile', { guests: 'on' });
    const guest = await newGuestPerson(test, desk.slug, 'lantern');
    const first = await desk.start(guest);
    await desk.post(desk.admin, `/conversations/${first}/close`);
    const second = await desk.start(guest);
    await wipe(desk, guest, first);
    expect((await desk.get(guest, '/guests/me')).body).toMatchObject({ name: guest.username });

    const keysOfGuest = async () => (await itemsAbout(guest.userId)).filter(({ pk }) => pk.includes(`OWNED#guest/`));
    const [key] = await keysOfGuest();
    deliveries = 2;
    await wipe(desk, guest, second);
    deliveries = 1;
    const emptied = await desk.get(guest, '/guests/me');
    expect(emptied.status, emptied.text).toBe(200);
    expect(emptied.body.name).toBeUndefined();
    expect(emptied.body.email).toBeUndefined();
    const current = await keysOfGuest();
    expect(current).toHaveLength(1);
    expect(current[0]?.pk).not.toBe(key?.pk);

    const changed = await desk.patch(guest, '/guests/me', { name: 'Robin' });
    expect(changed.body, changed.text).toMatchObject({ name: 'Robin' });
    expect((await desk.get(guest, '/guests/me')).body).toMatchObject({ name: 'Robin' });
  });
});
