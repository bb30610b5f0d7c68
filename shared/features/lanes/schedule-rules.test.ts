import { describe, expect, it } from 'vitest';
import { deliveryLifeMs, nextAttemptAt, pauseAfter, retryAfterMs } from './schedule-rules.ts';

const at = Date.parse('2026-12-01T10:00:00Z');
const [second, minute, hour] = [1000, 60_000, 3_600_000];

describe('pauseAfter', () => {
  it.each([
    [1, 5 * second],
    [2, 5 * minute],
    [3, 30 * minute],
    [4, 2 * hour],
    [5, 5 * hour],
    [6, 10 * hour],
    [7, 10 * hour],
  ])('pauses after failure %i for %i ms', (failures, pause) => {
    expect(pauseAfter(failures, 0)).toBe(pause);
  });

  it('adds at most a tenth as jitter', () => {
    expect(pauseAfter(2, 0.5)).toBe(5.25 * minute);
    expect(pauseAfter(2, 0.999)).toBeLessThan(5.5 * minute);
  });
});

describe('nextAttemptAt', () => {
  it('attempts a delivery for a day, the last time at its end', () => {
    const attempts = [at];
    for (let failures = 1; ; failures += 1) {
      const next = nextAttemptAt({ at: attempts.at(-1) ?? at, failures, createdAt: at, jitter: 0 });
      if (next === undefined) break;
      attempts.push(next);
    }
    expect(attempts.map((time) => (time - at) / minute)).toEqual([
      ...[0, 5 / 60, 5 + 5 / 60, 35 + 5 / 60, 155 + 5 / 60, 455 + 5 / 60, 1055 + 5 / 60, 1440],
    ]);
  });

  it('waits as long as the destination asks, but not beyond the end', () => {
    const failed = { at, failures: 1, createdAt: at, jitter: 0 };
    expect(nextAttemptAt({ ...failed, retryAfterMs: hour })).toBe(at + hour);
    expect(nextAttemptAt({ ...failed, retryAfterMs: 1 })).toBe(at + 5 * second);
    expect(nextAttemptAt({ ...failed, retryAfterMs: 48 * hour })).toBe(at + deliveryLifeMs);
  });

  it('is always later than the attempt', () => {
    const failed = { at: at + deliveryLifeMs - 1, failures: 1, createdAt: at, jitter: 0 };
    expect(nextAttemptAt(failed)).toBe(at + deliveryLifeMs);
    expect(nextAttemptAt({ ...failed, at: at + deliveryLifeMs })).toBeUndefined();
  });
});

describe('retryAfterMs', () => {
  it.each([
    [undefined, undefined],
    ['120', 120 * second],
    [' 0 ', 0],
    ['99999999', 24 * hour],
    ['Tue, 01 Dec 2026 10:00:30 GMT', 30 * second],
    ['Tue, 01 Dec 2026 09:00:00 GMT', 0],
    ['-5', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['', undefined],
    ['GMT', undefined],
  ])('reads %j as %s', (header, expected) => {
    expect(retryAfterMs(header, at)).toBe(expected);
  });
});
