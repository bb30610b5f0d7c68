import { type CrashPoint, faultKinds, type Trap } from './trap.ts';

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
  /** Points whose call was never made, and points after which something was wrong. */
  readonly missed: readonly string[];
  readonly failures: readonly string[];
}

type Warmth = 'cold' | 'warm';

interface Sweeper<State> {
  readonly trap: Trap;
  readonly recycle: (functionName: string) => Promise<void>;
  readonly operation: CrashOperation<State>;
}

/** How often a point is tried whose call did not come: calls that run side by side are not always the same. */
const tries = 3;

/**
 * First sees which calls an operation makes, in cold and in warm environments; then does it once for each of them and
 * each kind of fault. What a warm environment asks for meets its faults there; what only a cold one does, there.
 */
export async function sweep<State>(sweeper: Sweeper<State>): Promise<SweepResult> {
  const { name } = sweeper.operation;
  const cold = new Set((await once(sweeper, 'cold')).calls);
  const warm = new Set((await once(sweeper, 'warm')).calls);
  const result = { calls: 0, points: 0, missed: [] as string[], failures: [] as string[] };
  const run = async (call: string, warmth: Warmth) => {
    result.calls += 1;
    for (const fault of faultKinds) {
      result.points += 1;
      const verdict = await tryPoint(sweeper, warmth, { call, fault });
      const label = `${name}: ${fault} at ${call} (${warmth})`;
      if (verdict === 'missed') result.missed.push(label);
      else if (verdict !== 'passed') result.failures.push(`${label}: ${verdict.message}`);
    }
  };
  for (const call of warm) await run(call, 'warm');
  for (const call of cold) if (!warm.has(call)) await run(call, 'cold');
  return result;
}

async function tryPoint<State>(
  sweeper: Sweeper<State>,
  warmth: Warmth,
  point: CrashPoint,
): Promise<'passed' | 'missed' | Error> {
  try {
    for (let count = 0; count < tries; count += 1) {
      if ((await once(sweeper, warmth, point)).hit) return 'passed';
    }
    return 'missed';
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** A killed environment's successor has done the repetition, so that it is warm for what comes next. */
async function once<State>(
  { trap, recycle, operation }: Sweeper<State>,
  warmth: Warmth,
  point?: CrashPoint,
): Promise<{ readonly calls: readonly string[]; readonly hit: boolean }> {
  const state = await operation.prepare();
  if (warmth === 'cold') await Promise.all(operation.functions.map(recycle));
  trap.watch(operation.functions, point);
  let seen: { readonly calls: readonly string[]; readonly hit: boolean };
  try {
    await operation.attempt(state);
  } finally {
    seen = trap.unwatch(operation.functions);
  }
  await operation.check?.(state, seen.hit ? point : undefined);
  return seen;
}
