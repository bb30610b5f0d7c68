import { afterEach, beforeEach, vi } from 'vitest';

/**
 * Calls still take real time. Each test starts at the last one's time.
 * @returns a function that advances the clock by milliseconds.
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
