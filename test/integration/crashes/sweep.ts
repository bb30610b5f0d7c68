import type { LocalRun } from '../../../local/contract.ts';
import { progressOf } from '../system/report.ts';
import { eventually } from './persistence.ts';
import { type CrashPoint, type FaultKind, faultKinds, type Trap } from './trap.ts';

export interface CrashScript<State = unknown> {
  /** Must not call the functions of the sweep. */
  prepare(): Promise<State>;
  /** Retries with the same ids until an answer. Throws if it is wrong. */
  attempt(state: State): Promise<void>;
  /** Throws unless the effect is stored exactly once. The point is given if its fault happened. */
  check?(state: State, point: CrashPoint | undefined): Promise<void>;
}

/** `functions` are names without the stage's prefix. */
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
  /** By default, all points. */
  readonly isTried?: PointFilter;
}

export type PointFilter = (callIndex: number, calls: number, fault: FaultKind) => boolean;

/** `count` consecutive seeds cover every point. Each seed selects a point of every operation. */
export function oneIn(count: number, seed: number): PointFilter {
  return (callIndex, calls, fault) => {
    const point = callIndex * faultKinds.length + faultKinds.indexOf(fault);
    return (point + seed) % Math.min(count, calls * faultKinds.length) === 0;
  };
}

/** Tries of a point before it counts as missed. Concurrent calls vary. */
const tries = 3;

/**
 * Records an operation's calls, then fails each call with each kind of fault. Calls that only a cold environment makes
 * fail in a cold one.
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

/** After a kill, the retry warms the next environment. */
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
    // A function may continue after its answer.
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
