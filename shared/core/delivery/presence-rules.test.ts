import { describe, expect, it } from 'vitest';
import { toTimestamp } from '../runtime/clock.ts';
import {
  expiredLeases,
  isNews,
  lastActivityOf,
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

describe('presenceOf', () => {
  it.each([
    ['online with one online connection', { a: here }, 'online'],
    ['online if one of two connections is online', { a: away, b: here }, 'online'],
    ['away if all connections are away', { a: away, b: away }, 'away'],
    ['away if the lease of the online connection has expired', { a: gone, b: away }, 'away'],
    ['offline if its only lease has expired', { a: gone }, 'offline'],
    ['offline without a lease', {}, 'offline'],
  ])('is %s', (_, leases, status) => {
    expect(presenceOf('u', { leases }, at).status).toBe(status);
  });

  it('has the later of the last reported end and the last renewal as lastSeenAt', () => {
    const seen = (leases: Record<string, Lease>, lastSeenAt = 0) =>
      presenceOf('u', { leases, lastSeenAt }, at).lastSeenAt;
    expect(seen({}, at - 5)).toBe(toTimestamp(at - 5));
    expect(seen({ a: { until: at - 7 } })).toBe(toTimestamp(at - 7 - leaseMs));
    expect(seen({ a: { until: at } }, at - leaseMs - 1)).toBe(toTimestamp(at - leaseMs));
    expect(seen({})).toBeUndefined();
    expect(seen({ a: here }, at - 5)).toBeUndefined();
  });
});

describe('isNews', () => {
  it.each([
    ['the first connection', {}, { a: here }],
    ['an online connection beside an away one', { b: away }, { a: here, b: away }],
    ['the end of the last connection', { a: here }, {}],
    ['the end of the only online connection', { a: here, b: away }, { b: away }],
    ['a change of the only connection to away', { a: here }, { a: away }],
    ['a connection after an end that was not reported', { b: gone }, { a: here, b: gone }],
    ['the removal of the last lease after its expiry', { a: gone }, {}],
    ['the removal of the expired lease of the only online connection', { a: gone, b: away }, { b: away }],
  ] as const)('announces %s', (_, before, after) => {
    expect(isNews({ leases: before }, { leases: after }, at)).toBe(true);
  });

  it.each([
    ['a second connection', { b: here }, { a: here, b: here }],
    ['a repeated hello', { a: away }, { a: away }],
    ['the end of one of two connections', { a: here, b: here }, { b: here }],
    ['a change of one of two connections to away', { a: here, b: here }, { a: away, b: here }],
    ['the removal of an expired lease beside an online connection', { a: gone, b: here }, { b: here }],
  ] as const)('does not announce %s', (_, before, after) => {
    expect(isNews({ leases: before }, { leases: after }, at)).toBe(false);
  });
});

describe('expired leases', () => {
  it('returns the connections of expired leases and the time of the last activity', () => {
    expect(expiredLeases({ leases: { a: gone, b: here, c: gone } }, at)).toEqual(['a', 'c']);
    expect(expiredLeases({ leases: {} }, at)).toEqual([]);
    expect(lastActivityOf({ leases: { a: gone, b: { until: at - 7 } }, lastSeenAt: 5 })).toBe(at - leaseMs);
    expect(lastActivityOf({ leases: { a: gone }, lastSeenAt: at })).toBe(at);
    expect(lastActivityOf({ leases: {} })).toBe(0);
  });
});

describe('presencesByWatcher', () => {
  it('creates one frame for each watcher, so that N users of one group who connect at once cost N frames', () => {
    const people = Array.from({ length: 50 }, (_, index) => `u${index}`);
    const changes = people.map((userId) => ({ presence: { userId, status: 'online' } as const, watchers: people }));
    const frames = presencesByWatcher(changes);
    expect(frames.size).toBe(50);
    for (const users of frames.values()) expect(users.map(({ userId }) => userId)).toEqual(people);
  });

  it('limits the number of watchers', () => {
    const watchers = Array.from({ length: mostWatchers + 1 }, (_, index) => `u${index}`);
    expect(presencesByWatcher([{ presence: { userId: 'x', status: 'away' }, watchers }]).size).toBe(mostWatchers);
  });
});
