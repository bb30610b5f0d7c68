import { describe, expect, it } from 'vitest';
import { shareOf } from '../faults/scale.ts';

describe('the share of a seed', () => {
  const items = Array.from({ length: 25 }, (_, index) => index);

  it.each([1, 3, 10])('contains each item for one of %i seeds in a row', (count) => {
    const shares = Array.from({ length: count }, (_, step) => shareOf(items, count, 20261129 + step));
    expect(shares.flat().toSorted((one, other) => one - other)).toEqual(items);
  });

  it('is the same for the same seed', () => {
    expect(shareOf(items, 10, 7)).toEqual(shareOf(items, 10, 7));
    expect(shareOf(items, 10, 7)).not.toEqual(shareOf(items, 10, 8));
  });
});
