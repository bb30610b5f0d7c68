import { describe, expect, it } from 'vitest';
import { toTimestamp } from '../../runtime/clock.ts';
import {
  changesPresence,
  endedUnnoticed,
  type Lease,
  leaseMs,
  mostWatchers,
  presenceOf,
  presencesByWatcher,
} from './presence-rules.ts';

const at = 1_000_000_000;
const here: Lease = { until: at + 1 };
const away: Lease = { until: at + 1, away: true };
const gone: Lease = { until: at };

describe('a user', () => {
  it.each([
    ['online with one connection that is', { a: here }, 'online'],
    ['online if any of two tabs is', { a: away, b: here }, 'online'],
    ['away if all are', { a: away, b: away }, 'away'],
    ['away if the one that is not has no lease any more', { a: gone, b: away }, 'away'],
    ['offline without a lease', { a: gone }, 'offline'],
    ['offline if there never was one', {}, 'offline'],
  ])('is %s', (_, leases, status) => {
    expect(presenceOf('u', { leases }, at).status).toBe(status);
  });

  it('was last seen when an end was told, or when the lease that ran out was renewed, whichever is later', () => {
    const seen = (leases: Record<string, Lease>, lastSeenAt = 0) =>
      presenceOf('u', { leases, lastSeenAt }, at).lastSeenAt;
    expect(seen({}, at - 5)).toBe(toTimestamp(at - 5));
    expect(seen({ a: { until: at - 7 } })).toBe(toTimestamp(at - 7 - leaseMs));
    expect(seen({ a: { until: at } }, at - leaseMs - 1)).toBe(toTimestamp(at - leaseMs));
    expect(seen({})).toBeUndefined();
    expect(seen({ a: here }, at - 5)).toBeUndefined();
  });
});

describe('a connection changes presence', () => {
  it('when it is the first, not when another tab is there', () => {
    expect(changesPresence({ leases: { a: here } }, 'a', undefined, at)).toBe(true);
    expect(changesPresence({ leases: { a: here, b: here } }, 'a', undefined, at)).toBe(false);
    expect(changesPresence({ leases: { a: here, b: away } }, 'a', undefined, at)).toBe(true);
    expect(changesPresence({ leases: { a: here, b: gone } }, 'a', undefined, at)).toBe(true);
  });

  it('when it ends as the last, not while another tab is there', () => {
    expect(changesPresence({ leases: {} }, 'a', here, at)).toBe(true);
    expect(changesPresence({ leases: { b: here } }, 'a', here, at)).toBe(false);
    expect(changesPresence({ leases: { b: away } }, 'a', here, at)).toBe(true);
  });

  it('when it goes away, unless another tab is not', () => {
    expect(changesPresence({ leases: { a: away } }, 'a', here, at)).toBe(true);
    expect(changesPresence({ leases: { a: away, b: here } }, 'a', here, at)).toBe(false);
  });
});

describe('an end that nobody told', () => {
  it('is noticed when no lease is left', () => {
    expect(endedUnnoticed({ leases: { a: gone, b: gone } }, at)).toEqual(['a', 'b']);
    expect(endedUnnoticed({ leases: { a: gone, b: away } }, at)).toEqual([]);
    expect(endedUnnoticed({ leases: {} }, at)).toEqual([]);
  });
});

describe('telling of changes', () => {
  it('takes one frame for each watcher: N people of one group that come at once are N frames, not N times N', () => {
    const people = Array.from({ length: 50 }, (_, index) => `u${index}`);
    const changes = people.map((userId) => ({ presence: { userId, status: 'online' } as const, watchers: people }));
    const frames = presencesByWatcher(changes);
    expect(frames.size).toBe(50);
    for (const users of frames.values()) expect(users.map(({ userId }) => userId)).toEqual(people);
  });

  it('reaches a bounded number of people', () => {
    const watchers = Array.from({ length: mostWatchers + 1 }, (_, index) => `u${index}`);
    expect(presencesByWatcher([{ presence: { userId: 'x', status: 'away' }, watchers }]).size).toBe(mostWatchers);
  });
});
