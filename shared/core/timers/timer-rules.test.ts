import { describe, expect, it } from 'vitest';
import { delaySeconds, isDue, isLate, isWithinDelay, retryDelaySeconds, scheduledAt } from './timer-rules.ts';

const at = Date.parse('2026-11-30T10:00:00Z');
const minutes = 60_000;

describe('isDue', () => {
  it.each([
    [undefined, false],
    [at - 1, true],
    [at, true],
    [at + 1, false],
  ])('decides for the timer %s: %s', (wakeAt, expected) => {
    expect(isDue({ wakeAt }, at)).toBe(expected);
  });
});

describe('delaySeconds', () => {
  it.each([
    [-5000, 0],
    [0, 0],
    [1, 1],
    [1000, 1],
    [1001, 2],
    [15 * minutes, 900],
    [15 * minutes + 1, 900],
  ])('delays a wake-up in %i ms by %i seconds', (wait, expected) => {
    expect(delaySeconds({ wakeAt: at + wait }, at)).toBe(expected);
  });
});

describe('isWithinDelay', () => {
  it('accepts a timer that SQS can delay in full', () => {
    expect(isWithinDelay({ wakeAt: at - minutes }, at)).toBe(true);
    expect(isWithinDelay({ wakeAt: at + 15 * minutes }, at)).toBe(true);
    expect(isWithinDelay({ wakeAt: at + 15 * minutes + 1 }, at)).toBe(false);
  });
});

describe('scheduledAt', () => {
  it('leaves half a minute for a schedule that fires a minute late', () => {
    expect(scheduledAt({ wakeAt: at })).toBe(at - 90_000);
    expect(scheduledAt({ wakeAt: at + 999 })).toBe(at - 90_000);
  });

  it('is in the future for every timer that needs a schedule', () => {
    expect(scheduledAt({ wakeAt: at + 15 * minutes + 1 })).toBeGreaterThan(at + 13 * minutes);
  });
});

describe('isLate', () => {
  it('is true after five seconds', () => {
    expect(isLate({ wakeAt: at }, at + 5000)).toBe(false);
    expect(isLate({ wakeAt: at }, at + 5001)).toBe(true);
  });
});

describe('retryDelaySeconds', () => {
  it.each([
    [1, 1],
    [10, 1],
    [11, 2],
    [13, 8],
    [16, 60],
    [1000, 60],
  ])('returns a wake-up that was received %i times after %i seconds', (receives, expected) => {
    expect(retryDelaySeconds(receives)).toBe(expected);
  });
});
