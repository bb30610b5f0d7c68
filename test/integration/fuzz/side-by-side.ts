import fc from 'fast-check';
import type { FuzzScale } from './operations-under-fuzz.ts';

/** Below this number, a second lane would not help, and one lane makes the order of events repeatable by the seed. */
const manyCases = 2000;
const mostLanes = 2;

export function lanesOf({ cases }: FuzzScale): number {
  return cases < manyCases ? 1 : mostLanes;
}

/**
 * Runs all drawn cases. A large number runs in lanes, so that the table's engine and a function work at the same time.
 * A complaint about a log line may then belong to the case of another lane.
 * @param runCase - runs a case in the lane with the given number, and throws if the case fails.
 */
export async function assertSideBySide<Value>(
  valuesIn: (lane: number) => fc.Arbitrary<Value>,
  scale: FuzzScale,
  runCase: (value: Value, lane: number) => Promise<void>,
): Promise<void> {
  const lanes = lanesOf(scale);
  let failed: number | undefined;
  const guarded = async (value: Value, lane: number): Promise<void> => {
    // After a failure, only the lane that failed first goes on, to shrink its case undisturbed.
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
