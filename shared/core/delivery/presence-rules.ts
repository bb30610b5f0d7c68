import type { Presence } from '../../contract/schemas/presence.ts';

/** Clients ping every 4 minutes, and one ping may be lost. */
export const leaseMs = 9 * 60 * 1000;

/** A connection's claim to be alive. */
export interface Lease {
  /** Expiry in milliseconds since the epoch. */
  readonly until: number;
  /** Expiry of the connection's access token, which ends the lease as well. */
  readonly tokenExpiresAt?: number;
  readonly away?: boolean;
}

/** The leases of a user's connections, by connection id. */
export interface LeaseState {
  readonly leases: Readonly<Record<string, Lease>>;
  /** Last activity on connections that have ended; 0 if there was none. */
  readonly lastSeenAt?: number;
}

/** Online if any live connection is online, away if all are away, and offline without one. */
export function presenceOf(userId: string, state: LeaseState, at: number): Presence {
  const live = Object.values(state.leases).filter((lease) => endOf(lease) > at);
  if (live.some(({ away }) => away !== true)) return { userId, status: 'online' };
  if (live.length > 0) return { userId, status: 'away' };
  const seen = lastActivityOf(state);
  return { userId, status: 'offline', ...(seen > 0 ? { lastSeenAt: new Date(seen).toISOString() } : {}) };
}

/** End of a lease, in milliseconds since the epoch. */
export function endOf({ until, tokenExpiresAt = until }: Lease): number {
  return Math.min(until, tokenExpiresAt);
}

/** Time of the user's last activity on connections that have ended; 0 if there was none. */
export function lastActivityOf({ leases, lastSeenAt = 0 }: LeaseState): number {
  // The last renewal was one lease time before the expiry.
  return Math.max(lastSeenAt, ...Object.values(leases).map(({ until }) => until - leaseMs));
}

/**
 * Whether to announce a change to other users. They may not know yet that leases have expired in the meantime, so the
 * new status is compared with and without expired leases. A second announcement does no harm.
 */
export function isNews(before: LeaseState, after: LeaseState, at: number): boolean {
  const { status } = presenceOf('', after, at);
  return status !== presenceOf('', before, at).status || status !== presenceOf('', before, 0).status;
}

/** Connections whose leases have expired, so that their end was not reported. */
export function expiredLeases({ leases }: LeaseState, at: number): readonly string[] {
  return Object.entries(leases).flatMap(([connectionId, lease]) => (endOf(lease) <= at ? [connectionId] : []));
}

/** Maximum number of users who receive the presence of one user. */
export const mostWatchers = 200;

/** The new presence of a user, and the users who receive it. */
export interface PresenceChange {
  readonly presence: Presence;
  readonly watchers: readonly string[];
}

/** Groups changes by watcher, so that each watcher receives one frame. */
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
