import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leaseMs } from '../../../shared/realtime/presence/presence-rules.ts';
import { keys } from '../../../shared/table/keys.ts';
import { tenantPrefix } from '../../../shared/table/schema.ts';
import { startTestRun, type TestRun } from '../harness.ts';
import { castOf, connect, conversationOf } from '../people.ts';
import { call, type Frame, type RawSocket, type SignedIn } from '../raw-client.ts';
import { Tables } from '../system/tables.ts';

let test: TestRun;

beforeAll(async () => {
  test = await startTestRun();
});

afterAll(() => test.stop());

async function ask(who: SignedIn, method: string, path: string, body?: unknown) {
  const answer = await call(test.url, method, `/api/v1${path}`, {
    token: who.token,
    ...(body === undefined ? {} : { body }),
  });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
  return answer.body;
}

async function statuses(who: SignedIn, ...others: readonly SignedIn[]): Promise<Record<string, string>> {
  const { users } = await ask(who, 'GET', `/users/presence?ids=${others.map((one) => one.userId).join(',')}`);
  return Object.fromEntries(users.map((one: { userId: string; status: string }) => [one.userId, one.status]));
}

async function arrive(who: SignedIn): Promise<RawSocket> {
  const socket = await connect(test, who);
  await socket.request('hello', {});
  return socket;
}

/** What the socket was told of somebody so far, in order. */
async function told(socket: RawSocket, of: SignedIn): Promise<string[]> {
  await test.run.settled();
  return socket.frames
    .filter((frame) => frame.type === 'presence.changed')
    .flatMap((frame) => frame.data.users as Frame[])
    .filter((user) => user.userId === of.userId)
    .map((user) => user.status as string);
}

describe('presence', () => {
  it('follows two tabs that come, go away and leave, and tells the other of each change once', async () => {
    const { alice, bob, carol } = await castOf(test, 'tabs');
    await conversationOf(test, alice, bob);
    const watcher = await arrive(bob);
    const stranger = await arrive(carol);
    expect(await statuses(bob, alice)).toEqual({ [alice.userId]: 'offline' });
    const first = await arrive(alice);
    const second = await arrive(alice);
    expect(await statuses(bob, alice, carol)).toEqual({ [alice.userId]: 'online' });
    await test.run.settled();

    const answer = await first.request('presence.update', { status: 'away' });
    expect(answer).toMatchObject({ type: 'presence', data: { userId: alice.userId, status: 'online' } });
    expect((await second.request('presence.update', { status: 'away' })).data.status).toBe('away');
    await test.run.settled();
    expect(await ask(alice, 'PUT', '/users/me/presence', { status: 'online' })).toMatchObject({ status: 'online' });
    expect(await told(watcher, alice)).toEqual(['online', 'away', 'online']);

    await first.close();
    await test.run.settled();
    expect(await statuses(bob, alice)).toEqual({ [alice.userId]: 'online' });
    const before = Date.now();
    await second.close();
    expect(await told(watcher, alice)).toEqual(['online', 'away', 'online', 'offline']);
    const { users } = await ask(bob, 'GET', `/users/presence?ids=${alice.userId}`);
    expect(Date.parse(users[0].lastSeenAt)).toBeGreaterThanOrEqual(before - 1000);
    // Whoever shares no conversation hears nothing, and learns nothing.
    expect(await told(stranger, alice)).toEqual([]);
    expect(await statuses(carol, alice, bob)).toEqual({});
    expect(await statuses(carol, carol)).toEqual({ [carol.userId]: 'online' });
    await Promise.all([watcher.close(), stranger.close()]);
  });

  it('ends with the lease when nobody tells the end, as of the last sign of life; whoever asks tells the others', async () => {
    const { alice, bob, carol } = await castOf(test, 'killed');
    await conversationOf(test, alice, bob);
    await conversationOf(test, alice, carol);
    const watcher = await arrive(carol);
    const socket = await arrive(alice);
    await test.run.settled();
    const tables = new Tables(test.run);
    const { pk, sk } = keys.userLeases(alice.userId);
    const key = `${tenantPrefix}${alice.tenantId}#${pk}`;
    const [lease = ''] = Object.keys((await tables.get(key, sk)) ?? {}).filter((name) => name.startsWith('l:'));
    const lastSign = Date.now() - leaseMs - 60_000;
    await tables.set(key, sk, lease, { until: lastSign + leaseMs });

    const { users } = await ask(bob, 'GET', `/users/presence?ids=${alice.userId}`);
    const offline = { userId: alice.userId, status: 'offline', lastSeenAt: new Date(lastSign).toISOString() };
    expect(users).toEqual([offline]);
    expect(await told(watcher, alice)).toEqual(['online', 'offline']);
    expect((await ask(bob, 'GET', `/users/presence?ids=${alice.userId}`)).users).toEqual([offline]);
    // A sign of life brings the user back.
    await socket.request('ping', {});
    expect(await told(watcher, alice)).toEqual(['online', 'offline', 'online']);
    expect(await statuses(bob, alice)).toEqual({ [alice.userId]: 'online' });
    await Promise.all([socket.close(), watcher.close()]);
  });

  it('is renewed by a ping with one write that nobody hears of', async () => {
    const { alice, bob } = await castOf(test, 'ping');
    await conversationOf(test, alice, bob);
    const [socket, watcher] = [await arrive(alice), await arrive(bob)];
    await test.run.settled();
    const heard = await told(watcher, alice);
    const invocations = () =>
      test.run.recorder.invocations().filter(({ functionName }) => functionName.endsWith('project-log')).length;
    const before = invocations();
    await socket.request('ping', {});
    expect(await told(watcher, alice)).toEqual(heard);
    expect(invocations()).toBe(before);
    await Promise.all([socket.close(), watcher.close()]);
  });

  it('stays as it was said to be when a connection greets again, which nobody hears of', async () => {
    const { alice, bob } = await castOf(test, 'again');
    await conversationOf(test, alice, bob);
    const watcher = await arrive(bob);
    const socket = await connect(test, alice);
    await socket.request('hello', { status: 'away' });
    expect(await told(watcher, alice)).toEqual(['away']);
    const rung = async () => {
      const { pk, sk } = keys.userPresence(alice.userId);
      return (await new Tables(test.run).get(`${tenantPrefix}${alice.tenantId}#${pk}`, sk))?.['rungAt'];
    };
    const before = await rung();
    await socket.request('hello', { status: 'away' });
    expect(await told(watcher, alice)).toEqual(['away']);
    expect(await rung()).toBe(before);
    await socket.request('hello', {});
    expect(await told(watcher, alice)).toEqual(['away', 'online']);
    await Promise.all([socket.close(), watcher.close()]);
  });

  it('refuses more than a hundred ids, and what is none', async () => {
    const { alice } = await castOf(test, 'ids');
    const status = async (ids: string) =>
      (await call(test.url, 'GET', `/api/v1/users/presence?ids=${ids}`, { token: alice.token })).status;
    const many = (count: number) => Array.from({ length: count }, () => ulid()).join(',');
    expect([await status(many(100)), await status(many(101)), await status(''), await status('x')]).toEqual([
      200, 422, 422, 422,
    ]);
  });
});
