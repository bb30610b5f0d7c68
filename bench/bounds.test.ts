import { describe, expect, it } from 'vitest';
import { type Bound, brokenBounds } from './bounds.ts';

const bound = (measured: number, more: Partial<Bound> = {}): Bound => ({
  name: 'units',
  measured,
  atMost: 1.2,
  ...more,
});

describe('a bound', () => {
  it.each([0, 1.2, 0.1 + 0.2 + 0.9])('holds for %f, up to its limit', (measured) => {
    expect(brokenBounds([bound(measured)])).toEqual([]);
  });

  it.each([1.21, NaN, Infinity])('is broken by %f', (measured) => {
    expect(brokenBounds([bound(1), bound(measured)])).toHaveLength(1);
  });

  it('is never broken by a time', () => {
    expect(brokenBounds([bound(9, { timed: true })])).toEqual([]);
  });
});
