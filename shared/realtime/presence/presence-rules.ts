import type { Presence } from '../../contract/schemas/presence.ts';

/** Clients ping every 4 minutes: one ping may be lost. */
export const leaseMs = 9 * 60 * 1000;

/** A connection's sign of life. */
export interface Lease {
  /** Until when it counts, in milliseconds since the epoch. */
  readonly until: number;
  readonly away?: boolean;
}

/** What is known of a user's connections, by their ids. */
export interface LeaseState {
  readonly leases: Readonly<Record<string, Lease>>;
  /** The last sign of life of the connections that ended; 0 if there never was one. */
  readonly lastSeenAt?: number;
}

/** Online while any live connection is, away while all of them are, else offline. */
export function presenceOf(userId: string, { leases, lastSeenAt }: LeaseState, at: number): Presence {
  const live = Object.values(leases).filter(({ until }) => until > at);
  if (live.some(({ away }) => away !== true)) return { userId, status: 'online' };
  if (live.length > 0) return { userId, status: 'away' };
  // A lease that ran out was renewed for the last time when it began.
  const seen = Math.max(lastSeenAt ?? 0, ...Object.values(leases).map(({ until }) => until - leaseMs));
  return { userId, status: 'offline', ...(seen > 0 ? { lastSeenAt: new Date(seen).toISOString() } : {}) };
}

/**
 * Whether what one connection did may have changed what others see.
 * @param after - what is known with it.
 * @param before - what the connection was; of an end, which does not tell, a connection that was there.
 */
export function changesPresence(
  after: LeaseState,
  connectionId: string,
  before: Lease | undefined,
  at: number,
): boolean {
  const { [connectionId]: _, ...others } = after.leases;
  const leases = before === undefined ? others : { ...others, [connectionId]: before };
  return presenceOf('', after, at).status !== presenceOf('', { leases }, at).status;
}

/** Connections whose leases ran out, if that is all there are: nobody told the end. */
export function endedUnnoticed({ leases }: LeaseState, at: number): readonly string[] {
  const all = Object.entries(leases);
  return all.every(([, { until }]) => until <= at) ? all.map(([connectionId]) => connectionId) : [];
}

/** Whoever is told of one user, at most. */
export const mostWatchers = 200;

/** A user whose presence changed, and the people who hear of it. */
export interface PresenceChange {
  readonly presence: Presence;
  readonly watchers: readonly string[];
}

/** One frame for each watcher, whatever the number of changes: the users that the watcher hears of. */
export function presencesByWatcher(changes: readonly PresenceChange[]): ReadonlyMap<string, readonly Presence[]> {
  const frames = new Map<string, Presence[]>();
  for (const { presence, watchers } of changes) {
    for (const watcher of new Set(watchers.slice(0, mostWatchers))) {
      const frame = frames.get(watcher);
      if (frame === undefined) frames.set(watcher, [presence]);
      else frame.push(presence);
    }
  }
  return frames;
}
