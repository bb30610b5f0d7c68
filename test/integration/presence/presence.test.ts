import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leaseMs } from '../../../shared/core/delivery/presence-rules.ts';
import { keys } from '../../../shared/core/table/keys.ts';
import { tenantPrefix } from '../../../shared/core/tenancy/tenant-scope.ts';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { castOf, connect, conversationOf } from '../people.ts';
import { call, isOfPresence, type Frame, type RawSocket, type SignedIn } from '../raw-client.ts';
import { Tables } from '../system/tables.ts';

let test: TestRun;

beforeAll(async () => {
  test = await sharedTestRun();
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

const leasesOf = ({ userId, tenantId }: SignedIn) => {
  const { pk, sk } = keys.userLeases(userId);
  return { key: `${tenantPrefix}${tenantId}#${pk}`, sk };
};

/** The socket's client fell silent, and its lease, or all of the user, ran out. Answers with the time of its last sign of life. */
async function killed(who: SignedIn, socket: RawSocket, connectionId = ''): Promise<number> {
  await socket.request('ping', {});
  await test.run.settled();
  const tables = new Tables(test.run);
  const { key, sk } = leasesOf(who);
  const lastSign = Date.now() - leaseMs - 60_000;
  const names = Object.entries((await tables.get(key, sk)) ?? {}).filter(([name]) =>
    name.startsWith(`l:${connectionId}`),
  );
  for (const [lease] of names) await tables.set(key, sk, lease, { until: lastSign + leaseMs });
  await expire(who);
  return lastSign;
}

/** What the table knows of signs of life expired a minute ago. */
async function expire(who: SignedIn): Promise<void> {
  const { key, sk } = leasesOf(who);
  await new Tables(test.run).set(key, sk, 'expiresAt', Math.floor(Date.now() / 1000) - 60);
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
    const lastSign = await killed(alice, socket);
    // By itself the time tells nobody.
    expect(await told(watcher, alice)).toEqual(['online']);

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

  it('ends for everybody some time after the lease, also if nobody asks, and keeps when the user was seen last', async () => {
    const { alice, bob, carol } = await castOf(test, 'unasked');
    await conversationOf(test, alice, bob);
    await conversationOf(test, carol, bob);
    const watcher = await arrive(bob);
    const [socket, other] = [await arrive(alice), await arrive(carol)];
    const lastSign = await killed(alice, socket);
    await other.close();
    await test.run.settled();
    // Carol's end was told: there is nothing to tell of the item that is left, but it knows when she was seen.
    await expire(carol);
    const { users: before } = await ask(bob, 'GET', `/users/presence?ids=${carol.userId}`);
    expect(before).toMatchObject([{ status: 'offline', lastSeenAt: expect.any(String) as unknown }]);
    const heard = watcher.frames.length;
    expect(await test.run.aws.sweepExpired()).toBeGreaterThanOrEqual(2);
    const offline = { userId: alice.userId, status: 'offline', lastSeenAt: new Date(lastSign).toISOString() };
    await watcher.frame(
      (frame) =>
        frame.type === 'presence.changed' &&
        frame.data.users[0].status === 'offline' &&
        frame.data.users[0].userId === alice.userId,
    );
    await test.run.settled();
    expect(
      watcher.frames
        .slice(heard)
        .filter(isOfPresence)
        .map((frame) => frame.data.users as unknown),
    ).toEqual([[offline]]);
    expect(await told(watcher, carol)).toEqual(['online', 'offline']);
    const { users } = await ask(bob, 'GET', `/users/presence?ids=${alice.userId},${carol.userId}`);
    expect(users).toEqual(expect.arrayContaining([offline, ...before]));
    // Whoever comes back is told of as ever.
    await socket.request('ping', {});
    expect(await told(watcher, alice)).toEqual(['online', 'offline', 'online']);
    await Promise.all([socket.close(), watcher.close()]);
  });

  it('is what the other tab says once the lease of one has run out, as its next ping tells', async () => {
    const { alice, bob } = await castOf(test, 'one-of-two');
    await conversationOf(test, alice, bob);
    const watcher = await arrive(bob);
    const [socket, tab] = [await connect(test, alice), await connect(test, alice)];
    const { connectionId } = (await socket.request('hello', {})).data;
    await tab.request('hello', { status: 'away' });
    expect(await told(watcher, alice)).toEqual(['online']);
    await killed(alice, socket, connectionId as string);
    await tab.request('ping', {});
    expect(await told(watcher, alice)).toEqual(['online', 'away']);
    await Promise.all([socket.close(), tab.close(), watcher.close()]);
  });

  it('is renewed by a ping with one write that nobody hears of', async () => {
    const { alice, bob } = await castOf(test, 'ping');
    await conversationOf(test, alice, bob);
    const [socket, watcher] = [await arrive(alice), await arrive(bob)];
    await test.run.settled();
    const heard = await told(watcher, alice);
    const invocations = () =>
      test.run.recorder.invocations().filter(({ functionName }) => functionName.endsWith('stream-projector')).length;
    const before = invocations();
    await socket.request('ping', {});
    expect(await told(watcher, alice)).toEqual(heard);
    expect(invocations()).toBe(before);
    // What others have to hear is one write as well, and the projector writes nothing of its own.
    test.run.recorder.clear();
    await socket.request('presence.update', { status: 'away' });
    expect((await told(watcher, alice)).at(-1)).toBe('away');
    const units = test.run.recorder.calls().reduce((sum, { writeUnits }) => sum + writeUnits, 0);
    expect(units).toBe(1);
    await Promise.all([socket.close(), watcher.close()]);
  });

  it('stays as it was said to be when a connection greets again, which nobody hears of', async () => {
    const { alice, bob } = await castOf(test, 'again');
    await conversationOf(test, alice, bob);
    const watcher = await arrive(bob);
    const socket = await connect(test, alice);
    await socket.request('hello', { status: 'away' });
    expect(await told(watcher, alice)).toEqual(['away']);
    await socket.request('hello', { status: 'away' });
    expect(await told(watcher, alice)).toEqual(['away']);
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
