import { describe, expect, it } from 'vitest';
import { toTimestamp } from '../runtime/clock.ts';
import {
  isNews,
  lastSignOf,
  type Lease,
  leaseMs,
  mostWatchers,
  presenceOf,
  presencesByWatcher,
  runOut,
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

describe('a change is news', () => {
  it.each([
    ['a first connection', {}, { a: here }, true],
    ['another tab', { b: here }, { a: here, b: here }, false],
    ['a tab that is there beside one that is not', { b: away }, { a: here, b: away }, true],
    ['a greeting that is repeated', { a: away }, { a: away }, false],
    ['the end of the last', { a: here }, {}, true],
    ['the end of one of two', { a: here, b: here }, { b: here }, false],
    ['the end of the one that was there', { a: here, b: away }, { b: away }, true],
    ['going away', { a: here }, { a: away }, true],
    ['going away in one tab of two', { a: here, b: here }, { a: away, b: here }, false],
    ['coming after an end that nobody told', { b: gone }, { a: here, b: gone }, true],
    ['forgetting the last that ran out', { a: gone }, {}, true],
    ['forgetting the one that was there and ran out', { a: gone, b: away }, { b: away }, true],
    ['forgetting one that ran out beside another that is there', { a: gone, b: here }, { b: here }, false],
  ] as const)('%s', (_, before, after, expected) => {
    expect(isNews({ leases: before }, { leases: after }, at)).toBe(expected);
  });
});

describe('leases that ran out', () => {
  it('are found, and say when the user was seen last', () => {
    expect(runOut({ leases: { a: gone, b: here, c: gone } }, at)).toEqual(['a', 'c']);
    expect(runOut({ leases: {} }, at)).toEqual([]);
    expect(lastSignOf({ leases: { a: gone, b: { until: at - 7 } }, lastSeenAt: 5 })).toBe(at - leaseMs);
    expect(lastSignOf({ leases: { a: gone }, lastSeenAt: at })).toBe(at);
    expect(lastSignOf({ leases: {} })).toBe(0);
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
