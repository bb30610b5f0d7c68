import type { Fault, FaultPlan, PlannedCall } from '../../../local/fault-plan.ts';

type Decision = (call: PlannedCall) => Fault | undefined;

/** A fault plan that a test fills and empties while the run goes on. */
export class Faults {
  #decide: Decision | undefined;

  readonly plan: FaultPlan = { onCall: (call) => this.#decide?.(call) };

  /** Runs some work while calls meet faults. */
  async during<Result>(decide: Decision, work: () => Promise<Result>): Promise<Result> {
    this.#decide = decide;
    try {
      return await work();
    } finally {
      this.#decide = undefined;
    }
  }
}
