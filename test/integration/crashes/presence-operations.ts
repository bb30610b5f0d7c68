import { expect } from 'vitest';
import { leaseMs } from '../../../shared/core/delivery/presence-rules.ts';
import { keys } from '../../../shared/core/table/keys.ts';
import { tenantPrefix } from '../../../shared/core/tenancy/tenant-scope.ts';
import { type Cast, connect, conversationOf } from '../people.ts';
import type { Frame, RawSocket, SignedIn } from '../raw-client.ts';
import { ask, type CrashWorld } from './crash-world.ts';
import { complaintOf } from './messaging-operations.ts';
import { persist, persistFrame } from './persistence.ts';
import type { CrashOperation } from './sweep.ts';

/** Presence, of people of a tenant of their own: what was answered is what others hear. */

export interface PresenceWorld {
  /** Of the tenant, whose people are called alice and bob. */
  readonly slug: string;
  readonly world: CrashWorld;
  readonly alice: SignedIn;
  readonly bob: SignedIn;
  /** Alice's, who hears of Bob. */
  readonly watcher: RawSocket;
  readonly bobSocket: RawSocket;
}

interface Heard {
  /** Frames before the attempt. */
  readonly watched: number;
  readonly own: number;
}

export async function presenceWorld(world: CrashWorld, slug: string, { alice, bob }: Cast): Promise<PresenceWorld> {
  await conversationOf(world.test, alice, bob);
  const [watcher, bobSocket] = await Promise.all([connect(world.test, alice), connect(world.test, bob)]);
  return { slug, world, alice, bob, watcher, bobSocket };
}

export function beAway(presence: PresenceWorld): CrashOperation<Heard> {
  const { world, bob } = presence;
  return {
    name: 'be away',
    functions: ['presence'],
    prepare: () => beThere(presence),
    attempt: async () => {
      const answer = await persist(() => ask(world, bob, 'PUT', '/api/v1/users/me/presence', { status: 'away' }));
      expect(answer, answer.text).toMatchObject({ status: 200, body: { userId: bob.userId, status: 'away' } });
    },
    check: async ({ watched }) => {
      await isHeard(presence, 'away', watched);
    },
  };
}

export function beAwayOverSocket(presence: PresenceWorld): CrashOperation<Heard> {
  const { bob, bobSocket } = presence;
  return {
    name: 'be away over the socket',
    functions: ['socket-action'],
    prepare: () => beThere(presence),
    attempt: async () => {
      const answer = await persistFrame(bobSocket, 'presence.update', { status: 'away' });
      expect(answer).toMatchObject({ type: 'presence', data: { userId: bob.userId, status: 'away' } });
    },
    check: async ({ watched, own }, point) => {
      await complaintOf(bobSocket, own, point);
      await isHeard(presence, 'away', watched);
    },
  };
}

/** Whoever asks notices that a lease ran out, and the others hear of it. Bob's socket is closed for that. */
export function askWhoIsThere(presence: PresenceWorld): CrashOperation<number> {
  const { world, alice, bob, watcher, bobSocket } = presence;
  const lastSign = Date.now() - leaseMs - 60_000;
  return {
    name: 'ask who is there',
    functions: ['presence'],
    prepare: async () => {
      await bobSocket.close();
      await world.test.run.settled();
      const { pk, sk } = keys.userLeases(bob.userId);
      const key = `${tenantPrefix}${bob.tenantId}#${pk}`;
      await world.tables.put({ pk: key, sk, 'l:lost': { until: lastSign + leaseMs } });
      return watcher.frames.length;
    },
    attempt: async () => {
      const path = `/api/v1/users/presence?ids=${bob.userId}`;
      const answer = await persist(() => ask(world, alice, 'GET', path));
      const offline = { userId: bob.userId, status: 'offline', lastSeenAt: new Date(lastSign).toISOString() };
      expect(answer, answer.text).toMatchObject({ status: 200, body: { users: [offline] } });
    },
    check: async (watched) => {
      await isHeard(presence, 'offline', watched);
    },
  };
}

/** Nobody tells that Bob's device died, until the table removes what it knows of his signs of life. */
export function endSilently(presence: PresenceWorld): CrashOperation<number> {
  const { world, alice, bob, watcher } = presence;
  const lastSign = Date.now() - leaseMs - 120_000;
  return {
    name: 'tell of a silent end',
    functions: ['stream-projector'],
    prepare: async () => {
      // Others have died as well since this began.
      await world.test.run.aws.sweepExpired();
      const { pk, sk } = keys.userLeases(bob.userId);
      const key = `${tenantPrefix}${bob.tenantId}#${pk}`;
      const expiresAt = Math.floor((lastSign + leaseMs) / 1000);
      await world.tables.put({ pk: key, sk, 'l:lost': { until: lastSign + leaseMs }, expiresAt });
      await world.test.run.settled();
      return watcher.frames.length;
    },
    attempt: async () => {
      await world.test.run.aws.sweepExpired();
      await world.test.run.settled();
    },
    check: async (watched) => {
      await isHeard(presence, 'offline', watched);
      const answer = await ask(world, alice, 'GET', `/api/v1/users/presence?ids=${bob.userId}`);
      const offline = { userId: bob.userId, status: 'offline', lastSeenAt: new Date(lastSign).toISOString() };
      expect(answer, answer.text).toMatchObject({ status: 200, body: { users: [offline] } });
    },
  };
}

/** Bob is online, and Alice has heard of it. */
async function beThere(presence: PresenceWorld): Promise<Heard> {
  const { bobSocket, watcher } = presence;
  const before = watcher.frames.length;
  const known = watcher.frames.findLast((frame) => statusIn(presence, frame) !== undefined);
  expect((await bobSocket.request('presence.update', { status: 'online' })).data.status).toBe('online');
  if (known === undefined || statusIn(presence, known) !== 'online') await isHeard(presence, 'online', before);
  return { watched: watcher.frames.length, own: bobSocket.frames.length };
}

async function isHeard(presence: PresenceWorld, status: string, after: number): Promise<void> {
  const { watcher } = presence;
  await watcher.frame((frame) => statusIn(presence, frame) === status && watcher.frames.indexOf(frame) >= after);
}

/** What a frame says of Bob. */
function statusIn({ bob }: PresenceWorld, frame: Frame): string | undefined {
  if (frame.type !== 'presence.changed') return undefined;
  return frame.data.users.find((user: Frame) => user.userId === bob.userId)?.status;
}
