import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBackOff } from './back-off.ts';

describe('the back-off', () => {
  it('draws waits below a bound that doubles up to its cap', () => {
    const backOff = createBackOff({ baseMs: 500, capMs: 3000, random: () => 1 });
    expect(Array.from({ length: 5 }, () => backOff.next())).toEqual([500, 1000, 2000, 3000, 3000]);
  });

  it('restarts with the first bound after a reset', () => {
    const backOff = createBackOff({ baseMs: 500, random: () => 1 });
    backOff.next();
    backOff.next();
    backOff.reset();
    expect(backOff.next()).toBe(500);
  });

  it('keeps every wait between 50 ms and the cap', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 }), (draws) => {
        const drawn = draws.values();
        const backOff = createBackOff({ baseMs: 200, capMs: 10_000, random: () => drawn.next().value ?? 0 });
        for (const _ of draws) {
          const wait = backOff.next();
          expect(wait).toBeGreaterThanOrEqual(50);
          expect(wait).toBeLessThanOrEqual(10_000);
        }
      }),
    );
  });
});
