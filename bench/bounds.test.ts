import { describe, expect, it } from 'vitest';
import { type Bound, brokenBounds } from './bounds.ts';

const bound = (measured: number, rest: Partial<Bound> = {}): Bound => ({
  name: 'units',
  measured,
  atMost: 1.2,
  ...rest,
});

describe('bounds', () => {
  it.each([0, 1.2, 0.1 + 0.2 + 0.9])('hold up to their limit: %f', (measured) => {
    expect(brokenBounds([bound(measured)])).toEqual([]);
  });

  it.each([1.21, NaN, Infinity])('are broken above it, or where nothing was measured: %f', (measured) => {
    expect(brokenBounds([bound(1), bound(measured)])).toHaveLength(1);
  });

  it('do not fail by times', () => {
    expect(brokenBounds([bound(9, { timed: true })])).toEqual([]);
  });
});
