import type { Presence } from '../../contract/schemas/presence.ts';

/** Clients ping every 4 minutes: one ping may be lost. */
export const leaseMs = 9 * 60 * 1000;

/** A connection's sign of life. */
export interface Lease {
  /** Until when it counts, in milliseconds since the epoch. */
  readonly until: number;
  /** When the connection's access token expires: the lease does not outlast it. */
  readonly tokenExpiresAt?: number;
  readonly away?: boolean;
}

/** What is known of a user's connections, by their ids. */
export interface LeaseState {
  readonly leases: Readonly<Record<string, Lease>>;
  /** The last sign of life of the connections that ended; 0 if there never was one. */
  readonly lastSeenAt?: number;
}

/** Online while any live connection is, away while all of them are, else offline. */
export function presenceOf(userId: string, state: LeaseState, at: number): Presence {
  const live = Object.values(state.leases).filter((lease) => endOf(lease) > at);
  if (live.some(({ away }) => away !== true)) return { userId, status: 'online' };
  if (live.length > 0) return { userId, status: 'away' };
  const seen = lastSignOf(state);
  return { userId, status: 'offline', ...(seen > 0 ? { lastSeenAt: new Date(seen).toISOString() } : {}) };
}

/** When a lease runs out, in milliseconds since the epoch. */
export function endOf({ until, tokenExpiresAt = until }: Lease): number {
  return Math.min(until, tokenExpiresAt);
}

/** When the user was there for the last time, as far as ended connections tell; 0 if there never was one. */
export function lastSignOf({ leases, lastSeenAt = 0 }: LeaseState): number {
  // A lease that ran out was renewed for the last time when it began.
  return Math.max(lastSeenAt, ...Object.values(leases).map(({ until }) => until - leaseMs));
}

/**
 * Whether others have to hear of a change. They may still believe in leases that ran out meanwhile, or have been told by
 * the time already: either way the change is news, and news that is told twice does no harm.
 */
export function isNews(before: LeaseState, after: LeaseState, at: number): boolean {
  const { status } = presenceOf('', after, at);
  return status !== presenceOf('', before, at).status || status !== presenceOf('', before, 0).status;
}

/** Connections whose leases ran out: nobody told their end. */
export function runOut({ leases }: LeaseState, at: number): readonly string[] {
  return Object.entries(leases).flatMap(([connectionId, lease]) => (endOf(lease) <= at ? [connectionId] : []));
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
