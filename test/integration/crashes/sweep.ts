import type { LocalRun } from '../../../local/contract.ts';
import { progressOf } from '../system/report.ts';
import { eventually } from './persistence.ts';
import { type CrashPoint, type FaultKind, faultKinds, type Trap } from './trap.ts';

/** An operation that changes something, as a client that does not give up does it. */
export interface CrashOperation<State = unknown> {
  readonly name: string;
  /** The functions whose calls are the points: names without the stage's prefix. */
  readonly functions: readonly string[];
  /** Makes what one attempt needs, without these functions. */
  prepare(): Promise<State>;
  /** Does it, and does it again with the same ids until there is an answer; throws if that is none to be content with. */
  attempt(state: State): Promise<void>;
  /** Throws unless what was answered is there, once. The point is there if its fault came to pass. */
  check?(state: State, point: CrashPoint | undefined): Promise<void>;
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
  /** Which of the points are tried; all of them, if absent. */
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
 * How often a point is tried whose call did not come: calls that run side by side are not always the same, and an
 * environment learns from what it did before, such as to look what is new before it writes. So before another try it is
 * brought to where the calls were seen: one that began anew and did the operation once.
 */
const tries = 3;

/**
 * First sees which calls an operation makes, in cold and in warm environments; then does it once for each of them and
 * each kind of fault. What a warm environment asks for meets its faults there; what only a cold one does, there.
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

/** A killed environment's successor has done the repetition, so that it is warm for what comes next. */
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
