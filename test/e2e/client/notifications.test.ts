import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ChatClient, createChatClient } from '../../../shared/client/chat-client.ts';
import { openDrafts } from '../../../shared/client/drafts.ts';
import { openNotifications, type Notifications } from '../../../shared/client/notifications.ts';
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

interface Part {
  on(name: 'change', listener: () => void): () => void;
}

function until(part: Part, holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (!holds()) return;
      stop();
      resolve();
    };
    const stop = part.on('change', check);
    check();
  });
}

const notificationsOf = async (username: string) => openNotifications(await clientOf(username));
const draftsOf = async (username: string) => openDrafts(await clientOf(username));
const unreadOf = ({ state }: Notifications) => state.unreadCount;

it('keeps notifications current on all devices', async () => {
  const alice = await clientOf('alice');
  const [phone, laptop] = await Promise.all([notificationsOf('bob'), notificationsOf('bob')]);
  const { id } = await alice.startDirect(cast.bob.userId);
  await Promise.all([phone.load(), laptop.load()]);
  const announced: Notification[] = [];
  phone.on('notification', (one) => announced.push(one));
  const send = () => alice.messages.send(id, { type: 'text', text: 'Look', mentions: [cast.bob.userId] }).stored;
  const sent = [await send(), await send(), await send()];
  await Promise.all([phone, laptop].map((each) => until(each, () => each.state.items.length === 3)));
  await until(phone, () => unreadOf(phone) === 3);
  expect(announced.map(({ seq }) => seq).toSorted()).toEqual(sent.map(({ seq }) => seq).toSorted());

  const [newest] = phone.state.items;
  await phone.read(newest?.id ?? '');
  expect(unreadOf(phone)).toBe(2);
  await until(laptop, () => unreadOf(laptop) === 2);
  await laptop.readAll();
  await until(phone, () => unreadOf(phone) === 0);
  await test.run.settled();
  const fresh = await notificationsOf('bob');
  await fresh.load();
  for (const each of [phone, laptop]) expect(each.state).toEqual(fresh.state);

  const preferences = await phone.setPreferences({ kinds: { mention: 'off' } });
  expect(await laptop.preferences()).toEqual(preferences);
});

it('loads older notifications page by page', async () => {
  const tables = new Tables(test.run);
  const carol = await notificationsOf('carol');
  const prefix = `${tenantPrefix}${cast.carol.tenantId}#`;
  for (let index = 0; index < 60; index += 1) {
    const at = Date.now() - index * 1000;
    await storeNotification(tables, prefix, cast.carol.userId, cast.carol.userId, { at });
  }
  await carol.load();
  expect(carol.state.items).toHaveLength(50);
  expect(await carol.loadOlder()).toBe(true);
  expect(carol.state.items).toHaveLength(60);
  expect(await carol.loadOlder()).toBe(false);
  expect(unreadOf(carol)).toBe(60);
});

it('shares drafts between devices, and saves them once the network is back and when the client closes', async () => {
  let isOffline = false;
  const fetchUnlessOffline: typeof fetch = (...request) =>
    isOffline ? Promise.reject(new TypeError('offline')) : fetch(...request);
  const client = await clientOf('alice', fetchUnlessOffline);
  const [phone, laptop] = [openDrafts(client), await draftsOf('alice')];
  const { id } = await client.startDirect(cast.carol.userId);
  await Promise.all([phone.load(), laptop.load()]);
  phone.set(id, 'Shall');
  phone.set(id, 'Shall we meet', 1);
  expect(phone.of(id)).toEqual({ text: 'Shall we meet', replyTo: 1 });
  await until(laptop, () => laptop.of(id)?.text === 'Shall we meet');
  laptop.clear(id);
  await until(phone, () => phone.of(id) === undefined);

  isOffline = true;
  phone.set(id, 'On a train');
  const fresh = await draftsOf('alice');
  await fresh.load();
  expect(fresh.of(id)).toBeUndefined();
  isOffline = false;
  client.wake();
  phone.set(id, 'On a train, still');
  await until(fresh, () => fresh.of(id)?.text === 'On a train, still');

  phone.set(id, 'Typed just before the page closes');
  client.close();
  await until(fresh, () => fresh.of(id)?.text === 'Typed just before the page closes');
});
