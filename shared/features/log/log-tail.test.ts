import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryOf, tailOf } from './log-test-builders.ts';
import { extend, reachesBack, trim, tailEntries, windowMs } from './log-tail.ts';

const entries = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => entryOf({ seq: first + index }));

describe('extend', () => {
  it('adds the following entries and skips those that the tail has', () => {
    const tail = extend(tailOf(entries(1, 3)), entries(2, 5));
    expect(tail.entries.map((entry) => entry.seq)).toEqual([1, 2, 3, 4, 5]);
  });

  it('adds no entry after a gap, for any page', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 30 })), (seqs) => {
        const page = seqs.sort((first, second) => first - second).map((seq) => entryOf({ seq }));
        const tail = extend(tailOf(entries(1, 5)), page);
        expect(tail.entries.map((entry) => entry.seq)).toEqual(tail.entries.map((_, index) => index + 1));
        expect(tail.entries.length).toBeGreaterThanOrEqual(5);
      }),
    );
  });
});

describe('trim', () => {
  it('keeps the newest entries at any age', () => {
    const tail = trim(tailOf(entries(1, 50)), 10 ** 9);
    expect(tail.entries.map((entry) => entry.seq)).toEqual(entries(51 - tailEntries, 50).map((entry) => entry.seq));
    expect(tail.fromStart).toBe(false);
  });

  it('keeps all recent entries and one older entry', () => {
    const now = 500_000;
    const tail = trim(tailOf(entries(1, 500)), now);
    expect(tail.entries[0]?.createdAt).toBe(now - windowMs - 1000);
    expect(reachesBack(tail, now - windowMs)).toBe(true);
    expect(tail.entries.at(-1)?.seq).toBe(500);
  });

  it('keeps the start of a short log', () => {
    expect(trim(tailOf(entries(1, 3)), 10 ** 9).fromStart).toBe(true);
  });
});

it('reaches back to a time only when the tail has an older entry or the start of the log', () => {
  expect(reachesBack(tailOf(entries(5, 9)), 5001)).toBe(true);
  expect(reachesBack(tailOf(entries(5, 9)), 5000)).toBe(false);
  expect(reachesBack(tailOf(entries(1, 9)), 0)).toBe(true);
  expect(reachesBack(tailOf([]), 0)).toBe(true);
});
