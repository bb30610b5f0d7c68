import type { TestRun } from '../harness.ts';

/** Moves the clock from one timer to the next, up to a time after now, and lets each have its effect. */
export async function passTime({ run }: Pick<TestRun, 'run'>, milliseconds: number): Promise<void> {
  const end = run.timers.clockOffsetMs + milliseconds;
  await run.settled();
  while (run.timers.clockOffsetMs < end) {
    const [next] = run.timers.pending();
    const wait = next === undefined ? Infinity : next.dueAt - (Date.now() + run.timers.clockOffsetMs);
    run.timers.advance(Math.min(end - run.timers.clockOffsetMs, Math.max(1, Math.ceil(wait))));
    await run.settled();
  }
}
