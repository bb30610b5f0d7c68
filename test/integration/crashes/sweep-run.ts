import { expect } from 'vitest';
import { environmentsForRaces, startTestRun, type TestRun } from '../harness.ts';
import { functionPrefix } from '../system/operations.ts';
import { report } from '../system/report.ts';
import { Tables } from '../system/tables.ts';
import { type CrashWorld, crashWorld } from './crash-world.ts';
import type { NamedSweep } from './operation-sweeps.ts';
import { sample } from './sample.ts';
import { sweep, type SweepResult } from './sweep.ts';
import { Trap } from './trap.ts';

export class SweepRun {
  readonly test: TestRun;
  readonly world: CrashWorld;
  readonly results = new Map<string, SweepResult>();
  readonly #trap: Trap;

  private constructor(test: TestRun, world: CrashWorld, trap: Trap) {
    this.test = test;
    this.world = world;
    this.#trap = trap;
  }

  static async start(): Promise<SweepRun> {
    const trap = new Trap(functionPrefix);
    const test = await startTestRun({
      environmentsPerFunction: environmentsForRaces,
      faults: trap.plan,
      pace: { queueRetryAfterMs: 20 },
    });
    return new SweepRun(test, await crashWorld(test, new Tables(test.run)), trap);
  }

  async inTurn(sweeps: readonly NamedSweep[], before?: () => Promise<void>): Promise<void> {
    for (const { name, functions, script } of sweeps) {
      await before?.();
      const startedAt = performance.now();
      const recycle = (functionName: string) => this.test.run.functions.recycle(functionPrefix + functionName);
      const operation = { name, functions, ...script(this.world) };
      const result = await sweep({ run: this.test.run, trap: this.#trap, recycle, operation, ...sample });
      this.results.set(name, result);
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      report(`crash points of "${name}": ${result.tried} of ${result.points}, in ${seconds} s`);
    }
  }

  /** Throws if a point was missed or had a wrong outcome. */
  expectSwept(name: string): void {
    const result = this.results.get(name);
    expect(result?.calls).toBeGreaterThan(0);
    expect(result?.failures).toEqual([]);
    expect(result?.missed).toEqual([]);
  }
}
