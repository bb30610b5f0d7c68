import { leaseMs } from '../../../shared/core/delivery/presence-rules.ts';
import { keys } from '../../../shared/core/table/keys.ts';
import { tenantPrefix } from '../../../shared/core/tenancy/tenant-scope.ts';
import type { TestRun } from '../harness.ts';
import { castOf, type Cast, connect, conversationOf } from '../people.ts';
import type { Frame, RawSocket, SignedIn } from '../raw-client.ts';
import type { Tables } from '../system/tables.ts';

/** Alice watches Bob, who is connected, and Carol, who never is. */
export interface PresenceWorld extends Cast {
  readonly watcher: RawSocket;
  readonly bobSocket: RawSocket;
}

export interface FramesBefore {
  readonly watched: number;
  readonly own: number;
}

export async function presenceWorld(test: TestRun, slug: string): Promise<PresenceWorld> {
  const cast = await castOf(test, slug);
  const { alice, bob, carol } = cast;
  await Promise.all([conversationOf(test, alice, bob), conversationOf(test, alice, carol)]);
  const [watcher, bobSocket] = await Promise.all([connect(test, alice), connect(test, bob)]);
  return { ...cast, watcher, bobSocket };
}

export async function bobOnline(presence: PresenceWorld): Promise<FramesBefore> {
  const { bob, bobSocket, watcher } = presence;
  const before = watcher.frames.length;
  const latest = watcher.frames.findLast((frame) => statusIn(bob, frame) !== undefined);
  const answer = await bobSocket.request('presence.update', { status: 'online' });
  if (answer.data.status !== 'online') throw new Error(JSON.stringify(answer));
  if (latest === undefined || statusIn(bob, latest) !== 'online') await isSeen(presence, bob, 'online', before);
  return { watched: watcher.frames.length, own: bobSocket.frames.length };
}

export async function isSeen({ watcher }: PresenceWorld, who: SignedIn, status: string, after: number): Promise<void> {
  await watcher.frame((frame) => statusIn(who, frame) === status && watcher.frames.indexOf(frame) >= after);
}

/** Returns the presence that follows from the expired lease. */
export async function diedDevice(
  tables: Tables,
  carol: SignedIn,
  { lastSign, expires }: { readonly lastSign: number; readonly expires: boolean },
): Promise<{ readonly userId: string; readonly status: string; readonly lastSeenAt: string }> {
  const { pk, sk } = keys.userLeases(carol.userId);
  const until = lastSign + leaseMs;
  await tables.put({
    ...{ pk: `${tenantPrefix}${carol.tenantId}#${pk}`, sk, 'l:lost': { until } },
    ...(expires ? { expiresAt: Math.floor(until / 1000) } : {}),
  });
  return { userId: carol.userId, status: 'offline', lastSeenAt: new Date(lastSign).toISOString() };
}

function statusIn({ userId }: SignedIn, frame: Frame): string | undefined {
  if (frame.type !== 'presence.changed') return undefined;
  return frame.data.users.find((user: Frame) => user.userId === userId)?.status;
}
