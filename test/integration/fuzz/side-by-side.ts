import fc from 'fast-check';
import type { FuzzScale } from './operations-under-fuzz.ts';

/** With fewer cases everything is over before a second lane would help, and a seed brings the same order of events. */
const manyCases = 2000;
const mostLanes = 2;

/** How many cases are under way at once. */
export function lanesOf({ cases }: FuzzScale): number {
  return cases < manyCases ? 1 : mostLanes;
}

/**
 * Runs every case that is drawn. Many cases run in lanes: while the table's engine works on one, a function works on the
 * next. A complaint in a log may then belong to another lane's case.
 * @param one - throws if the case fails; gets the number of its lane.
 */
export async function assertSideBySide<Value>(
  valuesIn: (lane: number) => fc.Arbitrary<Value>,
  scale: FuzzScale,
  one: (value: Value, lane: number) => Promise<void>,
): Promise<void> {
  const lanes = lanesOf(scale);
  let failed: number | undefined;
  const guarded = async (value: Value, lane: number): Promise<void> => {
    // The one that failed first has its case made smaller, alone.
    if (failed !== undefined && failed !== lane) return;
    try {
      await one(value, lane);
    } catch (error) {
      failed ??= lane;
      throw error;
    }
  };
  await Promise.all(
    Array.from({ length: lanes }, (_, lane) =>
      fc.assert(
        fc.asyncProperty(valuesIn(lane), (value) => guarded(value, lane)),
        { seed: scale.seed + lane, numRuns: Math.ceil(scale.cases / lanes) },
      ),
    ),
  );
}
