import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openAttachments } from '../../../shared/client/attachments.ts';
import { type ChatClient, createChatClient } from '../../../shared/client/chat-client.ts';
import type { ChatClientOptions } from '../../../shared/client/chat-client-options.ts';
import { conversationsOf, messagesIn, presenceIn, typingIn } from '../../../shared/client/chat-state-rules.ts';
import { fileOutbox } from '../../../shared/client/outbox-in-files.ts';
import { messagesOf } from '../../../shared/client/timeline.ts';
import type { TestRun } from '../../integration/harness.ts';
import { sharedTestRun } from '../../integration/shared-run.ts';
import { type Cast, castOf, password } from '../../integration/people.ts';
import { signIn } from '../../integration/raw-client.ts';

let test: TestRun;
let cast: Cast;
let alice: ChatClient;
let bob: ChatClient;
const opened: ChatClient[] = [];

beforeAll(async () => {
  test = await sharedTestRun();
  cast = await castOf(test, 'client');
  [alice, bob] = await Promise.all([clientOf('alice'), clientOf('bob')]);
});
afterAll(async () => {
  for (const client of opened) client.close();
  await test?.stop();
});

async function clientOf(username: string, more: Partial<ChatClientOptions> = {}): Promise<ChatClient> {
  const login = { tenant: cast.slug, username, password };
  const client = await createChatClient({ url: test.url, login, pingEveryMs: 2000, ...more });
  opened.push(client);
  return client;
}

function until<Result>(client: ChatClient, read: () => Result | undefined | false): Promise<Result> {
  return new Promise((resolve) => {
    const stop: (() => void)[] = [];
    const check = (): void => {
      const result = read();
      if (result === undefined || result === false) return;
      for (const each of stop) each();
      resolve(result);
    };
    stop.push(client.on('change', check));
    check();
  });
}

it('sends, edits, deletes, reacts and replies, and shows both users the current messages', async () => {
  const { id } = await alice.startDirect(cast.bob.userId);
  await Promise.all([alice.open(id), bob.open(id)]);
  const first = await alice.messages.send(id, 'One').stored;
  const location = { latitude: 48.8584, longitude: 2.2945, name: 'Eiffel Tower' };
  const second = await alice.messages.send(id, { type: 'location', location }).stored;
  const third = await alice.messages.reply(id, first.seq, 'Three').stored;
  expect(third.replyTo).toBe(first.seq);
  await alice.messages.edit(id, first.seq, 'One, again').stored;
  await alice.messages.delete(id, third.seq).stored;
  await bob.messages.react(id, second.seq, '👍').stored;
  const expected = [
    { seq: first.seq, text: 'One, again', updatedSeq: 4 },
    { seq: second.seq, location, reactions: [{ emoji: '👍', userIds: [cast.bob.userId] }], updatedSeq: 6 },
    { seq: third.seq, updatedSeq: 5 },
  ];
  for (const client of [alice, bob]) {
    await until(client, () => messagesIn(client.state, id)[1]?.reactions !== undefined);
    await until(client, () => messagesIn(client.state, id)[2]?.deletedAt !== undefined);
    expect(messagesIn(client.state, id)).toMatchObject(expected);
    expect(messagesIn(client.state, id)[2]?.text).toBeUndefined();
  }
  const fresh = messagesOf(await (await clientOf('alice')).open(id));
  expect(fresh).toMatchObject(expected);
});

it('shows the status of messages, typing and unread counts', async () => {
  const { id } = await alice.startDirect(cast.bob.userId);
  await Promise.all([alice.conversations(), bob.conversations()]);
  const { seq } = await alice.messages.send(id, 'Read me').stored;
  const statusAt = (status: string) =>
    until(alice, () => messagesIn(alice.state, id).find((message) => message.seq === seq)?.status === status);
  await statusAt('delivered');
  const own = () => conversationsOf(bob.state).find((conversation) => conversation.id === id);
  expect(own()).toMatchObject({ unreadCount: expect.any(Number), lastMessage: { text: 'Read me' } });
  expect(own()?.unreadCount).toBeGreaterThan(0);
  bob.receipts.markRead(id, seq);
  await statusAt('read');
  await until(bob, () => own()?.unreadCount === 0);
  await bob.receipts.markUnread(id, seq);
  await until(bob, () => own()?.unreadCount === 1);

  bob.receipts.typing(id);
  await until(alice, () => typingIn(alice.state, id, Date.now()).includes(cast.bob.userId));
  await bob.messages.send(id, 'Here').stored;
  await until(alice, () => typingIn(alice.state, id, Date.now()).length === 0);
});

it('shows the presence of other users, and sends the user’s status on every connection', async () => {
  const carol = await clientOf('carol');
  const watcher = await clientOf('alice');
  const carolsId = carol.user.id;
  await watcher.startDirect(carolsId);
  const status = () => presenceIn(watcher.state, carolsId)?.status;
  const statuses: string[] = [];
  watcher.on('presence', (users) =>
    statuses.push(...users.flatMap((user) => (user.userId === carolsId ? user.status : []))),
  );
  await until(carol, () => carol.connection === 'connected');
  await until(watcher, () => watcher.connection === 'connected');
  const stop = watcher.presence.watch([carolsId]);
  await until(watcher, () => status() === 'online');
  carol.presence.set('away');
  await until(watcher, () => status() === 'away');
  const { id } = await carol.startDirect(watcher.user.id);
  await carol.open(id);
  carol.wake();
  await carol.messages.send(id, 'Still away').stored;
  await test.run.settled();
  expect(await watcher.presence.of([carolsId])).toMatchObject([{ userId: carolsId, status: 'away' }]);
  carol.presence.set('online');
  await until(watcher, () => status() === 'online');
  carol.close();
  await until(watcher, () => status() === 'offline');
  expect(presenceIn(watcher.state, carolsId)?.lastSeenAt).toEqual(expect.any(String));
  expect(statuses.filter((each, index) => each !== statuses[index - 1])).toEqual([
    'online',
    'away',
    'online',
    'offline',
  ]);
  stop();
});

it('keeps the list of groups current when participants and names change', async () => {
  await bob.conversations();
  const group = await alice.groups.create({ name: 'Harbour', participants: [{ userId: cast.bob.userId }] });
  const groupOf = (client: ChatClient) =>
    client.state.inbox[group.id] && conversationsOf(client.state).find(({ id }) => id === group.id);
  await until(bob, () => groupOf(bob)?.name === 'Harbour');
  await alice.groups.rename(group.id, 'Harbour team');
  await until(bob, () => groupOf(bob)?.name === 'Harbour team');
  await bob.groups.leave(group.id);
  await until(bob, () => groupOf(bob) === undefined);
  await until(alice, () => groupOf(alice)?.participants.length === 1);
  expect(await alice.conversations()).toContainEqual(expect.objectContaining({ id: group.id, name: 'Harbour team' }));
});

it('sends messages that were written offline once and in order after a restart', async () => {
  const { id } = await alice.startDirect(cast.bob.userId);
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-outbox-'));
  const offline: ChatClientOptions['fetch'] = (input, init) =>
    typeof input === 'string' && input.endsWith('/auth/login')
      ? fetch(input, init)
      : Promise.reject(new TypeError('offline'));
  const offlineClient = await clientOf('alice', {
    outbox: fileOutbox(folder),
    fetch: offline,
    socketUrl: 'ws://127.0.0.1:9/ws',
  });
  const texts = ['written', 'while', 'offline'];
  await Promise.all(texts.map((text) => offlineClient.messages.send(id, text).kept));
  offlineClient.close();
  expect(await readdir(folder)).toHaveLength(3);

  const onlineClient = await clientOf('alice', { outbox: fileOutbox(folder) });
  const { seq } = await onlineClient.messages.send(id, 'back').stored;
  await bob.open(id);
  await until(bob, () => messagesIn(bob.state, id).some((message) => message.seq === seq));
  const written = messagesIn(bob.state, id).map(({ text }) => text);
  expect(written.slice(-4)).toEqual([...texts, 'back']);
  await onlineClient.messages.send(id, 'the last').stored;
  expect((await readdir(folder)).length).toBeLessThanOrEqual(1);
  await rm(folder, { recursive: true, force: true });
});

it('uploads a file with progress and sends it', async () => {
  const { id } = await alice.startDirect(cast.bob.userId);
  const data = new Blob(['Landed at nine.\n']);
  const shares: number[] = [];
  const file = { name: 'landing.txt', contentType: 'text/plain', data };
  const uploaded = await openAttachments(alice).upload(id, file, { onProgress: (share) => shares.push(share) });
  expect(shares.at(-1)).toBe(1);
  const { seq } = await alice.messages.send(id, { type: 'file', attachments: [uploaded.id], text: 'The log' }).stored;
  await bob.open(id);
  const seen = await until(bob, () => messagesIn(bob.state, id).find((message) => message.seq === seq));
  expect(seen.attachments).toMatchObject([{ id: uploaded.id, name: 'landing.txt' }]);
  const { url } = await openAttachments(bob).download(uploaded.id);
  expect(await (await fetch(url)).text()).toBe('Landed at nine.\n');
});

it('gets tokens from the application, and requests another one when the server rejects a token', async () => {
  const { token } = await signIn(test.url, cast.slug, 'bob@client.test', password);
  const given = ['not a token', token];
  const client = await createChatClient({ url: test.url, accessToken: async () => given.shift() ?? token });
  opened.push(client);
  expect(client.user.id).toBe(cast.bob.userId);
  await until(client, () => client.state.connection === 'connected');
});
