import { afterEach, beforeEach, vi } from 'vitest';

/**
 * Freezes the clock in each test of the file. Calls still take real time, and the next test goes on at the time that the
 * last one reached.
 * @returns a function that lets so many milliseconds pass.
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
