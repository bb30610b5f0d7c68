import { afterEach, beforeEach, vi } from 'vitest';

/**
 * Freezes the clock in each test of the file. Calls still take real time. Each test starts at the time that the last
 * one reached.
 * @returns a function that advances the clock by a number of milliseconds.
 */
export function frozenClock(): (ms: number) => void {
  let clock = Date.now();
  beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: clock }));
  afterEach(() => vi.useRealTimers());
  return (ms) => {
    clock += ms;
    vi.setSystemTime(clock);
  };
}
