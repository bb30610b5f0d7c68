import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ChatClient, createChatClient } from '../../../shared/client/chat-client.ts';
import type { Notification } from '../../../shared/contract/schemas/notification.ts';
import type { TestRun } from '../../integration/harness.ts';
import { storeNotification } from '../../integration/notifications/mentioning.ts';
import { type Cast, castOf, password } from '../../integration/people.ts';
import { sharedTestRun } from '../../integration/shared-run.ts';
import { Tables } from '../../integration/system/tables.ts';
import { tenantPrefix } from '../../../shared/core/tenancy/tenant-scope.ts';

let test: TestRun;
let cast: Cast;
const opened: ChatClient[] = [];

beforeAll(async () => {
  test = await sharedTestRun();
  cast = await castOf(test, 'notified');
});
afterAll(async () => {
  for (const client of opened) client.close();
  await test?.stop();
});

async function clientOf(username: string, fetch = globalThis.fetch): Promise<ChatClient> {
  const login = { tenant: cast.slug, username, password };
  const client = await createChatClient({ url: test.url, login, fetch });
  opened.push(client);
  return client;
}

function until(client: ChatClient, holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (!holds()) return;
      stop();
      resolve();
    };
    const stop = client.on('change', check);
    check();
  });
}

const unreadOf = (client: ChatClient) => client.state.notifications.unreadCount;

it('keeps notifications current on all devices', async () => {
  const [alice, phone, laptop] = await Promise.all([clientOf('alice'), clientOf('bob'), clientOf('bob')]);
  const { id } = await alice.startDirect(cast.bob.userId);
  await Promise.all([phone.notifications.load(), laptop.notifications.load()]);
  const announced: Notification[] = [];
  phone.on('notification', (one) => announced.push(one));
  const send = () => alice.messages.send(id, { type: 'text', text: 'Look', mentions: [cast.bob.userId] }).stored;
  const sent = [await send(), await send(), await send()];
  await Promise.all(
    [phone, laptop].map((client) => until(client, () => client.state.notifications.items.length === 3)),
  );
  await until(phone, () => unreadOf(phone) === 3);
  expect(announced.map(({ seq }) => seq).toSorted()).toEqual(sent.map(({ seq }) => seq).toSorted());

  const [newest] = phone.state.notifications.items;
  await phone.notifications.read(newest?.id ?? '');
  expect(unreadOf(phone)).toBe(2);
  await until(laptop, () => unreadOf(laptop) === 2);
  await laptop.notifications.readAll();
  await until(phone, () => unreadOf(phone) === 0);
  await test.run.settled();
  const fresh = await clientOf('bob');
  await fresh.notifications.load();
  for (const client of [phone, laptop]) expect(client.state.notifications).toEqual(fresh.state.notifications);

  const preferences = await phone.notifications.setPreferences({ kinds: { mention: 'off' } });
  expect(await laptop.notifications.preferences()).toEqual(preferences);
});

it('loads older notifications page by page', async () => {
  const tables = new Tables(test.run);
  const carol = await clientOf('carol');
  const prefix = `${tenantPrefix}${cast.carol.tenantId}#`;
  for (let index = 0; index < 60; index += 1) {
    const at = Date.now() - index * 1000;
    await storeNotification(tables, prefix, cast.carol.userId, cast.carol.userId, { at });
  }
  await carol.notifications.load();
  expect(carol.state.notifications.items).toHaveLength(50);
  expect(await carol.notifications.loadOlder()).toBe(true);
  expect(carol.state.notifications.items).toHaveLength(60);
  expect(await carol.notifications.loadOlder()).toBe(false);
  expect(unreadOf(carol)).toBe(60);
});

it('shares drafts between devices and saves them once the network is back', async () => {
  let isOffline = false;
  const fetchUnlessOffline: typeof fetch = (...request) =>
    isOffline ? Promise.reject(new TypeError('offline')) : fetch(...request);
  const [phone, laptop] = await Promise.all([clientOf('alice', fetchUnlessOffline), clientOf('alice')]);
  const { id } = await phone.startDirect(cast.carol.userId);
  await Promise.all([phone.drafts.load(), laptop.drafts.load()]);
  phone.drafts.set(id, 'Shall');
  phone.drafts.set(id, 'Shall we meet', 1);
  expect(phone.drafts.of(id)).toEqual({ text: 'Shall we meet', replyTo: 1 });
  await until(laptop, () => laptop.drafts.of(id)?.text === 'Shall we meet');
  laptop.drafts.clear(id);
  await until(phone, () => phone.drafts.of(id) === undefined);

  isOffline = true;
  phone.drafts.set(id, 'On a train');
  const fresh = await clientOf('alice');
  await fresh.drafts.load();
  expect(fresh.drafts.of(id)).toBeUndefined();
  isOffline = false;
  phone.wake();
  phone.drafts.set(id, 'On a train, still');
  await until(fresh, () => fresh.drafts.of(id)?.text === 'On a train, still');
});
