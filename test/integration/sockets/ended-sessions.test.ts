import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ulid } from 'ulid';
import { keys } from '../../../shared/core/table/keys.ts';
import { tenantPrefix } from '../../../shared/core/tenancy/tenant-scope.ts';
import { sampled } from '../../faults/scale.ts';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { connect, conversationOf } from '../people.ts';
import type { Frame, RawSocket, SignedIn } from '../raw-client.ts';
import { Faults } from '../system/faults.ts';
import { Tables } from '../system/tables.ts';
import { password, type Person } from '../system/world.ts';
import { anotherSession, arrived, ask, makeTenant, newcomer, recordedConnections } from './people-with-sockets.ts';

const closeSockets = 'switchboard-dev-close-sockets';
/** An ended session must be unusable after this time. */
const endedWithinMs = 5000;

let test: TestRun;
let tables: Tables;
let admin: Person;
let bob: Person;
const faults = new Faults();

beforeAll(async () => {
  test = await sharedTestRun(faults.plan);
  tables = new Tables(test.run);
  await makeTenant(test);
  [admin, bob] = await Promise.all([newcomer(test, 'admin'), newcomer(test)]);
});

afterAll(() => test.stop());

/** Some also end the account's other sessions. */
const endings: Readonly<Record<string, (who: Person) => Promise<unknown>>> = {
  'logging out': ({ refreshToken }) => ask(test, undefined, 'POST', '/api/v1/auth/logout', { refreshToken }),
  'the suspension of the account': ({ userId }) => ask(test, admin, 'POST', `/api/v1/admin/users/${userId}/suspend`),
  'a new password, set in another session': async (who) => {
    const otherSession = await anotherSession(test, who);
    const body = { currentPassword: password, newPassword: 'Harbour-lamp-72!' };
    await ask(test, otherSession, 'POST', '/api/v1/auth/change-password', body);
  },
  'a stolen refresh token': async ({ refreshToken, tenantId, userId }) => {
    await ask(test, undefined, 'POST', '/api/v1/auth/refresh', { refreshToken });
    const session = (await tables.items()).find(
      ({ pk, sk }) => pk.endsWith(`${tenantId}#U#${userId}`) && sk.startsWith('S#'),
    );
    await tables.set(session?.pk ?? '', session?.sk ?? '', 'rotatedAt', Date.now() - 60_000);
    await expect(ask(test, undefined, 'POST', '/api/v1/auth/refresh', { refreshToken })).rejects.toThrow(
      'INVALID_TOKEN',
    );
  },
};
const names = Object.keys(endings);

function newMessageIn(conversationId: string) {
  return { conversationId, type: 'text', text: 'after the end', clientMessageId: ulid() };
}

/** False if the socket is closed or the frame is rejected. */
async function isTaken(socket: RawSocket, data: unknown): Promise<boolean> {
  if (socket.socket.readyState !== socket.socket.OPEN) return false;
  const closed = socket.closed().then(() => ({ type: 'closed' }));
  const answer: Frame = await Promise.race([socket.request('message.send', data), closed]);
  return answer.type === 'ack';
}

describe.each(names)('after %s', (name) => {
  it('closes the socket and keeps everything sent before in the history', async () => {
    const who = await newcomer(test);
    const [conversation, socket] = await Promise.all([conversationOf(test, who, bob), connect(test, who)]);
    expect(await socket.request('message.send', newMessageIn(conversation))).toMatchObject({ type: 'ack' });
    const closed = socket.closed();
    const startedAt = performance.now();
    await endings[name]?.(who);
    await closed;
    expect(performance.now() - startedAt).toBeLessThan(endedWithinMs);
    const history = await ask(test, bob, 'GET', `/api/v1/conversations/${conversation}/messages`);
    expect(history.body.items).toHaveLength(1);
    await test.run.settled();
    expect(await recordedConnections(tables, who)).toEqual([]);
  });
});

// All of them end sessions by the same event.
describe.each(sampled(names, 4))('after %s', (name) => {
  it('neither accepts nor sends a frame, even when sockets cannot be closed', async () => {
    const who = await newcomer(test);
    const [conversation, socket] = await Promise.all([conversationOf(test, who, bob), connect(test, who)]);
    expect((await socket.request('ping', {})).type).toBe('pong');
    // Presence frames are not part of the test.
    await test.run.settled();
    const sent = await faults.during(
      ({ functionName }) => (functionName === closeSockets ? { kind: 'throttle' } : undefined),
      async () => {
        await endings[name]?.(who);
        await expireCaches(endedWithinMs);
        const before = socket.frames.length;
        const body = { type: 'text', text: 'not for an ended session', clientMessageId: ulid() };
        await ask(test, bob, 'POST', `/api/v1/conversations/${conversation}/messages`, body);
        await test.run.settled();
        if (socket.socket.readyState === socket.socket.OPEN) await arrived(socket);
        const received = socket.frames.slice(before);
        return { received, taken: await isTaken(socket, newMessageIn(conversation)) };
      },
    );
    expect(sent).toEqual({ received: [], taken: false });
    await socket.closed();
    const history = await ask(test, bob, 'GET', `/api/v1/conversations/${conversation}/messages`);
    expect(history.body.items).toHaveLength(1);
  });
});

/** Drops the caches instead of waiting. */
async function expireCaches(_milliseconds: number): Promise<void> {
  await test.run.functions.recycle();
}

describe('a new password', () => {
  it('closes the socket of the session that set it with a reason, and no sockets of the new session', async () => {
    const who = await newcomer(test);
    const own = await connect(test, who);
    const closed = own.closed();
    const changed = await faults.during(
      ({ functionName }) => (functionName === closeSockets ? { kind: 'throttle' } : undefined),
      async () => {
        const body = { currentPassword: password, newPassword: 'Harbour-lamp-72!' };
        const answer = await ask(test, who, 'POST', '/api/v1/auth/change-password', body);
        const renewed: SignedIn = { ...who, token: answer.body.accessToken };
        return { next: await connect(test, renewed) };
      },
    );
    await closed;
    expect(own.frames.at(-1)).toMatchObject({ type: 'error', problem: { code: 'SESSION_ENDED' } });
    await test.run.settled();
    await test.run.functions.recycle();
    expect((await changed.next.request('ping', {})).type).toBe('pong');
    await changed.next.close();
  });
});

describe('a session', () => {
  it('continues when another session of the same user logs out', async () => {
    const who = await newcomer(test);
    const otherSession = await anotherSession(test, who);
    const [own, otherSocket] = await Promise.all([connect(test, who), connect(test, otherSession)]);
    const closed = own.closed();
    await ask(test, undefined, 'POST', '/api/v1/auth/logout', { refreshToken: who.refreshToken });
    await closed;
    await test.run.settled();
    await test.run.functions.recycle();
    expect((await otherSocket.request('ping', {})).type).toBe('pong');
    await otherSocket.close();
  });

  it('ends with all others even if individually ended sessions fill the connections item', async () => {
    const who = await newcomer(test);
    const otherSession = await anotherSession(test, who);
    await ask(test, undefined, 'POST', '/api/v1/auth/logout', { refreshToken: otherSession.refreshToken });
    const { pk, sk } = keys.userConnections(who.userId);
    await fill(`${tenantPrefix}${who.tenantId}#${pk}`, sk);
    await endings['the suspension of the account']?.(who);
    await expect(ask(test, who, 'POST', '/api/v1/auth/refresh', { refreshToken: who.refreshToken })).rejects.toThrow();
  });
});

describe('a socket', () => {
  it('opens after hundreds of sessions ended individually, and removes old ones from the item', async () => {
    const who = await newcomer(test);
    const otherSession = await anotherSession(test, who);
    await ask(test, undefined, 'POST', '/api/v1/auth/logout', { refreshToken: otherSession.refreshToken });
    const { pk, sk } = keys.userConnections(who.userId);
    const key = `${tenantPrefix}${who.tenantId}#${pk}`;
    const item = await tables.get(key, sk);
    const old = Array.from({ length: 700 }, () => [`e:${ulid()}`, Date.now() - 1000]);
    await tables.put({ ...item, ...Object.fromEntries(old), pk: key, sk });
    const before = Object.keys((await tables.get(key, sk)) ?? {}).length;
    const socket = await connect(test, who);
    expect((await socket.request('ping', {})).type).toBe('pong');
    expect(Object.keys((await tables.get(key, sk)) ?? {}).length).toBeLessThan(before);
    await socket.close();
  });
});

describe('presence', () => {
  it('removes a hundred expired leases at once', async () => {
    const who = await newcomer(test);
    const socket = await connect(test, who);
    const { pk, sk } = keys.userLeases(who.userId);
    const key = `${tenantPrefix}${who.tenantId}#${pk}`;
    const runOut = Array.from({ length: 100 }, (_, index) => [`l:gone${index}`, { until: Date.now() - 1000 }]);
    await tables.put({ ...(await tables.get(key, sk)), ...Object.fromEntries(runOut), pk: key, sk });
    for (const _ of [1, 2]) expect((await socket.request('hello', {})).type).toBe('welcome');
    await test.run.settled();
    const left = Object.keys((await tables.get(key, sk)) ?? {}).filter((name) => name.startsWith('l:'));
    expect(left).toHaveLength(1);
    await socket.close();
  });
});

describe('a logout', () => {
  it('removes expired records of ended sessions from the connections and the access record', async () => {
    const who = await newcomer(test);
    const others = [await anotherSession(test, who), await anotherSession(test, who)];
    await ask(test, undefined, 'POST', '/api/v1/auth/logout', { refreshToken: others[0]?.refreshToken });
    const access = keys.userAccess(who.userId);
    const accessKey = `${tenantPrefix}${who.tenantId}#${access.pk}`;
    const record = await tables.get(accessKey, access.sk);
    const [first = ''] = Object.keys(record?.['endedSessions'] ?? {});
    await tables.set(accessKey, access.sk, 'endedSessions', { [first]: Math.floor(Date.now() / 1000) - 1 });
    await ask(test, undefined, 'POST', '/api/v1/auth/logout', { refreshToken: others[1]?.refreshToken });
    const { pk, sk } = keys.userConnections(who.userId);
    const connections = (await tables.get(`${tenantPrefix}${who.tenantId}#${pk}`, sk)) ?? {};
    const ended = Object.keys(connections).filter((name) => name.startsWith('e:'));
    expect(ended).toHaveLength(1);
    expect(ended).not.toContain(`e:${first}`);
  });
});

/** Up to its maximum size. */
async function fill(pk: string, sk: string): Promise<void> {
  let fits = 0;
  for (let step = 262_144; step >= 1; step /= 2) {
    const grown = await tables.set(pk, sk, 'e:filler', '-'.repeat(fits + step)).then(
      () => true,
      () => false,
    );
    if (grown) fits += step;
  }
  expect(fits).toBeGreaterThan(300_000);
}
