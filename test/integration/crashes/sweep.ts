import type { LocalRun } from '../../../local/contract.ts';
import { progressOf } from '../system/report.ts';
import { eventually } from './persistence.ts';
import { type CrashPoint, type FaultKind, faultKinds, type Trap } from './trap.ts';

/** A changing operation, used by a client that retries. */
export interface CrashScript<State = unknown> {
  /** Prepares what one attempt needs, without the functions of the sweep. */
  prepare(): Promise<State>;
  /** Tries the operation with the same ids until it is answered. Throws if the answer is wrong. */
  attempt(state: State): Promise<void>;
  /** Throws unless the effect is stored exactly once. The point is given if its fault happened. */
  check?(state: State, point: CrashPoint | undefined): Promise<void>;
}

/** `functions` are the functions whose calls are the crash points: names without the stage's prefix. */
export interface CrashOperation<State = unknown> extends CrashScript<State> {
  readonly name: string;
  readonly functions: readonly string[];
}

export interface SweepResult {
  readonly calls: number;
  readonly points: number;
  readonly tried: number;
  /** Points whose call was never made. `failures` are points with a wrong outcome. */
  readonly missed: readonly string[];
  readonly failures: readonly string[];
}

type Warmth = 'cold' | 'warm';

interface Sweeper<State> {
  readonly run: Pick<LocalRun, 'recorder'>;
  readonly trap: Trap;
  readonly recycle: (functionName: string) => Promise<void>;
  readonly operation: CrashOperation<State>;
  /** Selects the points to try. By default, all are tried. */
  readonly isTried?: PointFilter;
}

/** Selects a point by the index of its call among the operation's calls, and by its fault. */
export type PointFilter = (callIndex: number, calls: number, fault: FaultKind) => boolean;

/**
 * Selects one in `count` points, in turn for consecutive seeds: `count` consecutive seeds cover every point. Each seed
 * selects every kind of fault for every operation.
 */
export function oneIn(count: number, seed: number): PointFilter {
  return (callIndex, calls, fault) => {
    const share = Math.min(count, calls);
    return (callIndex + faultKinds.indexOf(fault) + seed) % share === 0;
  };
}

/**
 * How often a point is tried before it counts as missed. Concurrent calls vary, and an environment caches results of
 * earlier calls. Before another try, the sweep restores the environment in which the calls were recorded: a new one
 * that has performed the operation once.
 */
const tries = 3;

/**
 * Records the calls that an operation makes in cold and in warm environments, then performs it once for each call and
 * kind of fault. Calls that only a cold environment makes fail in a cold one, all others in a warm one.
 */
export async function sweep<State>(sweeper: Sweeper<State>): Promise<SweepResult> {
  const { name } = sweeper.operation;
  const cold = new Set((await once(sweeper, 'cold')).calls);
  const warm = new Set((await once(sweeper, 'warm')).calls);
  const onlyCold = [...cold].filter((call) => !warm.has(call));
  const calls = warm.size + onlyCold.length;
  const result = { calls, points: 0, tried: 0, missed: [] as string[], failures: [] as string[] };
  const progress = progressOf(`crash points of "${name}"`, calls * faultKinds.length);
  const run = async (call: string, warmth: Warmth, index: number) => {
    for (const fault of faultKinds) {
      result.points += 1;
      if (sweeper.isTried?.(index, calls, fault) === false) continue;
      result.tried += 1;
      progress(result.points);
      const verdict = await tryPoint(sweeper, warmth, { call, fault });
      const label = `${name}: ${fault} at ${call} (${warmth})`;
      if (verdict === 'missed') result.missed.push(label);
      else if (verdict !== 'passed') result.failures.push(`${label}: ${verdict.message}`);
    }
  };
  for (const [index, call] of [...warm].entries()) await run(call, 'warm', index);
  for (const [index, call] of onlyCold.entries()) await run(call, 'cold', warm.size + index);
  return result;
}

async function tryPoint<State>(
  sweeper: Sweeper<State>,
  warmth: Warmth,
  point: CrashPoint,
): Promise<'passed' | 'missed' | Error> {
  try {
    for (let count = 0; count < tries; count += 1) {
      if (count > 0 && warmth === 'warm') await once(sweeper, 'cold');
      if ((await once(sweeper, warmth, point)).hit) return 'passed';
    }
    return 'missed';
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** After a kill, the next environment has performed the retry, so it is warm for the next attempt. */
async function once<State>(
  { run, trap, recycle, operation }: Sweeper<State>,
  warmth: Warmth,
  point?: CrashPoint,
): Promise<{ readonly calls: readonly string[]; readonly hit: boolean }> {
  const state = await operation.prepare();
  if (warmth === 'cold') await Promise.all(operation.functions.map(recycle));
  trap.watch(operation.functions, point);
  let seen: { readonly calls: readonly string[]; readonly hit: boolean };
  try {
    await operation.attempt(state);
    // A function may continue after its answer, because the acknowledgement is one of several concurrent posts.
    await eventually(`${operation.name} ends`, () => {
      const ended = new Set(run.recorder.invocations().map(({ id }) => id));
      return trap.invocations(operation.functions).every((id) => ended.has(id));
    });
  } finally {
    seen = trap.unwatch(operation.functions);
  }
  await operation.check?.(state, seen.hit ? point : undefined);
  return seen;
}
