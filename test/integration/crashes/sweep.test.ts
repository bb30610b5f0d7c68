import { describe, expect, it } from 'vitest';
import { oneIn } from './sweep.ts';
import { faultKinds } from './trap.ts';

describe.each([1, 2, 3, 5, 6, 11])('of an operation with %i calls', (calls) => {
  const chosen = (seed: number) =>
    Array.from({ length: calls }, (_, index) => faultKinds.filter((fault) => oneIn(6, seed)(index, calls, fault)));

  it('tries every point with one of six consecutive seeds', () => {
    const tried = [0, 1, 2, 3, 4, 5].map((step) => chosen(41 + step));
    for (let index = 0; index < calls; index += 1) {
      for (const fault of faultKinds) expect(tried.some((points) => points[index]?.includes(fault))).toBe(true);
    }
  });

  it('tries a point with every seed', () => {
    for (const seed of [0, 7, 2_000_000_011]) expect(chosen(seed).flat().length).toBeGreaterThan(0);
  });
});
