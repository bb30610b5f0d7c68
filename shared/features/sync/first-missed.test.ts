import { describe, expect, it } from 'vitest';
import { entryOf } from '../log/log-test-builders.ts';
import { type FirstMissed, firstMissed, mostMissed } from './first-missed.ts';

const limit = 100;

function logOf(first: number, last: number) {
  const log = {
    last,
    reads: 0,
    readForward: async (after: number, most: number) => {
      log.reads += 1;
      if (after + 1 < first) return [];
      return range(after + 1, Math.min(log.last, after + most));
    },
    readNewest: async (most: number) => {
      log.reads += 1;
      return range(Math.max(first, log.last - most + 1), log.last);
    },
  };
  return log;
}

function range(from: number, to: number) {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => entryOf({ seq: from + index }));
}

const seqs = (first: FirstMissed | undefined) => first?.missed.map(({ seq }) => seq);
const numbers = (from: number, to: number) => range(from, to).map(({ seq }) => seq);

describe('firstMissed', () => {
  it('finds nothing at the end of the log, with one read', async () => {
    const log = logOf(1, 500);
    expect(await firstMissed(log, 500, limit)).toEqual({ missed: [], newest: entryOf({ seq: 500 }) });
    expect(log.reads).toBe(1);
  });

  it('finds nothing in an empty log', async () => {
    expect(await firstMissed(logOf(1, 0), 0, limit)).toEqual({ missed: [] });
  });

  it.each([
    [0, 3],
    [498, 500],
  ])('returns the entries that follow %i up to %i', async (position, last) => {
    const log = logOf(1, last);
    expect(seqs(await firstMissed(log, position, limit))).toEqual(numbers(position + 1, last));
    expect(log.reads).toBe(1);
  });

  it('returns a page of entries while they are not too many', async () => {
    expect(seqs(await firstMissed(logOf(1, 7 + mostMissed), 7, limit))).toEqual(numbers(8, 7 + limit));
    expect(await firstMissed(logOf(1, 8 + mostMissed), 7, limit)).toBeUndefined();
  });

  it.each([1, 501, 100_000, 999_999_999_999, Number.MAX_SAFE_INTEGER])(
    'rejects the position %i beyond the end',
    async (position) => {
      expect(await firstMissed(logOf(1, position === 1 ? 0 : 500), position, limit)).toBeUndefined();
    },
  );

  it('accepts the position before the first kept entry, and no earlier one', async () => {
    expect(seqs(await firstMissed(logOf(40, 42), 39, limit))).toEqual([40, 41, 42]);
    expect(await firstMissed(logOf(40, 42), 38, limit)).toBeUndefined();
    expect(await firstMissed(logOf(40, 42), 0, limit)).toBeUndefined();
  });

  it('includes entries that are written during the read', async () => {
    const log = logOf(1, 0);
    const { readNewest } = log;
    log.readNewest = async (most) => {
      log.last = 2;
      return readNewest(most);
    };
    expect(seqs(await firstMissed(log, 0, limit))).toEqual([1, 2]);
  });
});
