import type { Presence } from '../../contract/schemas/presence.ts';

/** Clients ping every 4 minutes, and one ping may be lost. */
export const leaseMs = 9 * 60 * 1000;

export interface Lease {
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** Ends the lease as well. */
  readonly tokenExpiresAt?: number;
  readonly away?: boolean;
}

export interface LeaseState {
  readonly leases: Readonly<Record<string, Lease>>;
  readonly lastSeenAt?: number;
}

/** Online if any live connection is online, away if all are away, offline without one. */
export function presenceOf(userId: string, state: LeaseState, at: number): Presence {
  const live = Object.values(state.leases).filter((lease) => endOf(lease) > at);
  if (live.some(({ away }) => away !== true)) return { userId, status: 'online' };
  if (live.length > 0) return { userId, status: 'away' };
  const seen = lastActivityOf(state);
  return { userId, status: 'offline', ...(seen > 0 ? { lastSeenAt: new Date(seen).toISOString() } : {}) };
}

/** Milliseconds since the epoch. */
export function endOf({ until, tokenExpiresAt = until }: Lease): number {
  return Math.min(until, tokenExpiresAt);
}

/** 0 if there was none. */
export function lastActivityOf({ leases, lastSeenAt = 0 }: LeaseState): number {
  // A renewal sets the expiry one lease time ahead.
  return Math.max(lastSeenAt, ...Object.values(leases).map(({ until }) => until - leaseMs));
}

/** Compares with and without expired leases, whose end other users may not know. A second announcement does no harm. */
export function isNews(before: LeaseState, after: LeaseState, at: number): boolean {
  const { status } = presenceOf('', after, at);
  return status !== presenceOf('', before, at).status || status !== presenceOf('', before, 0).status;
}

export function expiredLeases({ leases }: LeaseState, at: number): readonly string[] {
  return Object.entries(leases).flatMap(([connectionId, lease]) => (endOf(lease) <= at ? [connectionId] : []));
}

/** Limit of users who receive one user's presence. */
export const mostWatchers = 200;

export interface PresenceChange {
  readonly presence: Presence;
  readonly watchers: readonly string[];
}

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
