import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AttemptLimit, fullestBucket, sourceNetwork, waitingTime } from './attempt-limits.ts';

const limit: AttemptLimit = { name: 'test', burst: 5, intervalMs: 1000 };

function acceptedOf(times: readonly number[]): number[] {
  let filledTo = 0;
  return times.filter((at) => {
    if (filledTo > fullestBucket(limit, at)) return false;
    filledTo = Math.max(filledTo, at) + limit.intervalMs;
    return true;
  });
}

describe('an attempt limit', () => {
  it('accepts a burst at once and one more attempt per interval', () => {
    expect(acceptedOf(Array<number>(20).fill(10_000))).toHaveLength(5);
    expect(acceptedOf([...Array<number>(20).fill(10_000), 10_999, 11_000, 11_000])).toHaveLength(6);
  });

  it('never accepts more than the burst and one per interval in any time span', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 200 }), (times) => {
        const passed = acceptedOf([...times].sort((a, b) => a - b).map((time) => time + 1_000_000));
        for (let start = 0; start < passed.length; start += 1) {
          for (let end = start; end < passed.length; end += 1) {
            const span = (passed[end] ?? 0) - (passed[start] ?? 0);
            expect(end - start + 1).toBeLessThanOrEqual(limit.burst + Math.floor(span / limit.intervalMs));
          }
        }
      }),
    );
  });

  it('computes the shortest time after which an attempt is accepted', () => {
    const filledTo = 10_000 + 7 * limit.intervalMs;
    const wait = waitingTime(limit, filledTo, 10_000);
    expect(wait).toBe(3000);
    expect(waitingTime(limit, filledTo, 10_000 + wait)).toBe(0);
    expect(waitingTime(limit, filledTo, 10_000 + wait - 1)).toBe(1);
  });

  it('accepts an attempt that fits in the bucket and rejects a heavier one', () => {
    const filledTo = 10_000 + 3 * limit.intervalMs;
    expect([1, 2, 3, 5].map((weight) => waitingTime(limit, filledTo, 10_000, weight))).toEqual([0, 0, 1000, 3000]);
  });

  it('treats a bucket as empty when a clock far ahead has filled it', () => {
    const full = 10_000 + limit.burst * limit.intervalMs;
    expect(waitingTime(limit, full, 10_000)).toBe(1000);
    expect(waitingTime(limit, full + limit.burst * limit.intervalMs, 10_000)).toBe(6000);
    expect(waitingTime(limit, full + limit.burst * limit.intervalMs + 1, 10_000)).toBe(0);
  });
});

describe('sourceNetwork', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', ''],
  ])('maps %s to %s', (address, network) => {
    expect(sourceNetwork(address)).toBe(network);
  });
});
