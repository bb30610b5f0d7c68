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

async function statuses(who: SignedIn, ...people: readonly SignedIn[]): Promise<Record<string, string>> {
  const { users } = await ask(who, 'GET', `/users/presence?ids=${people.map(({ userId }) => userId).join(',')}`);
  return Object.fromEntries(users.map(({ userId, status }: { userId: string; status: string }) => [userId, status]));
}

async function arrive(who: SignedIn): Promise<RawSocket> {
  const socket = await connect(test, who);
  await socket.request('hello', {});
  return socket;
}

async function received(socket: RawSocket, of: SignedIn): Promise<string[]> {
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

/** Expires the leases of one client or of all. Returns the time of the last sign of life. */
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

async function expire(who: SignedIn): Promise<void> {
  const { key, sk } = leasesOf(who);
  await new Tables(test.run).set(key, sk, 'expiresAt', Math.floor(Date.now() / 1000) - 60);
}

describe('presence', () => {
  it('follows two tabs of a user and announces each change once to contacts', async () => {
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
    expect(await received(watcher, alice)).toEqual(['online', 'away', 'online']);

    await first.close();
    await test.run.settled();
    expect(await statuses(bob, alice)).toEqual({ [alice.userId]: 'online' });
    const before = Date.now();
    await second.close();
    expect(await received(watcher, alice)).toEqual(['online', 'away', 'online', 'offline']);
    const { users } = await ask(bob, 'GET', `/users/presence?ids=${alice.userId}`);
    expect(Date.parse(users[0].lastSeenAt)).toBeGreaterThanOrEqual(before - 1000);
    expect(await received(stranger, alice)).toEqual([]);
    expect(await statuses(carol, alice, bob)).toEqual({});
    expect(await statuses(carol, carol)).toEqual({ [carol.userId]: 'online' });
    await Promise.all([watcher.close(), stranger.close()]);
  });

  it('ends with the lease at the next read, as of the last sign of life, and is announced', async () => {
    const { alice, bob, carol } = await castOf(test, 'killed');
    await conversationOf(test, alice, bob);
    await conversationOf(test, alice, carol);
    const watcher = await arrive(carol);
    const socket = await arrive(alice);
    const lastSign = await killed(alice, socket);
    expect(await received(watcher, alice)).toEqual(['online']);

    const { users } = await ask(bob, 'GET', `/users/presence?ids=${alice.userId}`);
    const offline = { userId: alice.userId, status: 'offline', lastSeenAt: new Date(lastSign).toISOString() };
    expect(users).toEqual([offline]);
    expect(await received(watcher, alice)).toEqual(['online', 'offline']);
    expect((await ask(bob, 'GET', `/users/presence?ids=${alice.userId}`)).users).toEqual([offline]);
    await socket.request('ping', {});
    expect(await received(watcher, alice)).toEqual(['online', 'offline', 'online']);
    expect(await statuses(bob, alice)).toEqual({ [alice.userId]: 'online' });
    await Promise.all([socket.close(), watcher.close()]);
  });

  it('ends some time after the lease without a read, is announced, and keeps the time of the last sign of life', async () => {
    const { alice, bob, carol } = await castOf(test, 'unasked');
    await conversationOf(test, alice, bob);
    await conversationOf(test, carol, bob);
    const watcher = await arrive(bob);
    const [socket, carols] = [await arrive(alice), await arrive(carol)];
    const lastSign = await killed(alice, socket);
    await carols.close();
    await test.run.settled();
    // Carol's end was announced already.
    await expire(carol);
    const { users: before } = await ask(bob, 'GET', `/users/presence?ids=${carol.userId}`);
    expect(before).toMatchObject([{ status: 'offline', lastSeenAt: expect.any(String) as unknown }]);
    const receivedBefore = watcher.frames.length;
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
        .slice(receivedBefore)
        .filter(isOfPresence)
        .map((frame) => frame.data.users as unknown),
    ).toEqual([[offline]]);
    expect(await received(watcher, carol)).toEqual(['online', 'offline']);
    const { users } = await ask(bob, 'GET', `/users/presence?ids=${alice.userId},${carol.userId}`);
    expect(users).toEqual(expect.arrayContaining([offline, ...before]));
    await socket.request('ping', {});
    expect(await received(watcher, alice)).toEqual(['online', 'offline', 'online']);
    await Promise.all([socket.close(), watcher.close()]);
  });

  it('changes to the status of the other tab when one tab’s lease has expired, at the next ping', async () => {
    const { alice, bob } = await castOf(test, 'one-of-two');
    await conversationOf(test, alice, bob);
    const watcher = await arrive(bob);
    const [socket, tab] = [await connect(test, alice), await connect(test, alice)];
    const { connectionId } = (await socket.request('hello', {})).data;
    await tab.request('hello', { status: 'away' });
    expect(await received(watcher, alice)).toEqual(['online']);
    await killed(alice, socket, connectionId as string);
    await tab.request('ping', {});
    expect(await received(watcher, alice)).toEqual(['online', 'away']);
    await Promise.all([socket.close(), tab.close(), watcher.close()]);
  });

  it('is renewed by a ping with one write and without an announcement', async () => {
    const { alice, bob } = await castOf(test, 'ping');
    await conversationOf(test, alice, bob);
    const [socket, watcher] = [await arrive(alice), await arrive(bob)];
    await test.run.settled();
    const receivedBefore = await received(watcher, alice);
    const invocations = () =>
      test.run.recorder.invocations().filter(({ functionName }) => functionName.endsWith('stream-projector')).length;
    const before = invocations();
    await socket.request('ping', {});
    expect(await received(watcher, alice)).toEqual(receivedBefore);
    expect(invocations()).toBe(before);
    // A change of status costs one write.
    test.run.recorder.clear();
    await socket.request('presence.update', { status: 'away' });
    expect((await received(watcher, alice)).at(-1)).toBe('away');
    const units = test.run.recorder.calls().reduce((sum, { writeUnits }) => sum + writeUnits, 0);
    expect(units).toBe(1);
    await Promise.all([socket.close(), watcher.close()]);
  });

  it('keeps its status without an announcement when a connection sends hello again', async () => {
    const { alice, bob } = await castOf(test, 'again');
    await conversationOf(test, alice, bob);
    const watcher = await arrive(bob);
    const socket = await connect(test, alice);
    await socket.request('hello', { status: 'away' });
    expect(await received(watcher, alice)).toEqual(['away']);
    await socket.request('hello', { status: 'away' });
    expect(await received(watcher, alice)).toEqual(['away']);
    await socket.request('hello', {});
    expect(await received(watcher, alice)).toEqual(['away', 'online']);
    await Promise.all([socket.close(), watcher.close()]);
  });

  it('rejects more than a hundred ids, and invalid ids', async () => {
    const { alice } = await castOf(test, 'ids');
    const status = async (ids: string) =>
      (await call(test.url, 'GET', `/api/v1/users/presence?ids=${ids}`, { token: alice.token })).status;
    const many = (count: number) => Array.from({ length: count }, () => ulid()).join(',');
    expect([await status(many(100)), await status(many(101)), await status(''), await status('x')]).toEqual([
      200, 422, 422, 422,
    ]);
  });
});
