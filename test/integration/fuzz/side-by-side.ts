import fc from 'fast-check';
import type { FuzzScale } from './operations-under-fuzz.ts';

/** Below this number of cases, one lane keeps the order of events repeatable. */
const manyCases = 2000;
const mostLanes = 2;

export function lanesOf({ cases }: FuzzScale): number {
  return cases < manyCases ? 1 : mostLanes;
}

/**
 * Large numbers run in lanes. A complaint about a log line may then belong to another lane.
 * @param runCase - throws if the case fails.
 */
export async function assertSideBySide<Value>(
  valuesIn: (lane: number) => fc.Arbitrary<Value>,
  scale: FuzzScale,
  runCase: (value: Value, lane: number) => Promise<void>,
): Promise<void> {
  const lanes = lanesOf(scale);
  let failed: number | undefined;
  const guarded = async (value: Value, lane: number): Promise<void> => {
    // The lane that failed first shrinks its case undisturbed.
    if (failed !== undefined && failed !== lane) return;
    try {
      await runCase(value, lane);
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
