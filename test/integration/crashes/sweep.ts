import type { LocalRun } from '../../../local/contract.ts';
import { progressOf } from '../system/report.ts';
import { eventually } from './persistence.ts';
import { type CrashPoint, type FaultKind, faultKinds, type Trap } from './trap.ts';

/** An operation that changes something, as a client that retries uses it. */
export interface CrashScript<State = unknown> {
  /** Makes what one attempt needs, without the functions of the sweep. */
  prepare(): Promise<State>;
  /** Tries the operation with the same ids until there is an answer; throws if the answer is wrong. */
  attempt(state: State): Promise<void>;
  /** Throws unless the outcome is stored, once. The point is given if its fault happened. */
  check?(state: State, point: CrashPoint | undefined): Promise<void>;
}

/** A script with its name, and with the functions whose calls are the points: names without the stage's prefix. */
export interface CrashOperation<State = unknown> extends CrashScript<State> {
  readonly name: string;
  readonly functions: readonly string[];
}

export interface SweepResult {
  readonly calls: number;
  readonly points: number;
  /** How many of the points were tried. */
  readonly tried: number;
  /** Points whose call was never made, and points after which something was wrong. */
  readonly missed: readonly string[];
  readonly failures: readonly string[];
}

type Warmth = 'cold' | 'warm';

interface Sweeper<State> {
  readonly run: Pick<LocalRun, 'recorder'>;
  readonly trap: Trap;
  readonly recycle: (functionName: string) => Promise<void>;
  readonly operation: CrashOperation<State>;
  /** Selects the points that are tried; absent: all. */
  readonly isTried?: PointFilter;
}

/** Decides on a point by the place of its call among the operation's calls, and by its fault. */
export type PointFilter = (callIndex: number, calls: number, fault: FaultKind) => boolean;

/**
 * One in so many points, others for each of so many seeds that follow one another: each point comes up for one of them.
 * Each kind of fault is among those of every operation.
 */
export function oneIn(count: number, seed: number): PointFilter {
  return (callIndex, calls, fault) => {
    const share = Math.min(count, calls);
    return (callIndex + faultKinds.indexOf(fault) + seed) % share === 0;
  };
}

/**
 * How often a point is tried before it counts as missed. Concurrent calls are not always the same, and an environment
 * caches results of earlier calls. Before another try, the environment is brought back to the state in which the calls
 * were recorded: it is new and has done the operation once.
 */
const tries = 3;

/**
 * Records the calls that an operation makes in cold and in warm environments, then does it once for each call and each
 * kind of fault. A call that only a cold environment makes fails in a cold one, every other call in a warm one.
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

/** After a kill, the next environment has done the retry, so it is warm for the next attempt. */
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
    // A function goes on after its answer: the acknowledgement is one of the posts that go out side by side.
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
