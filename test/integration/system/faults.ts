import type { Fault, FaultPlan, PlannedCall } from '../../../local/fault-plan.ts';

type Decision = (call: PlannedCall) => Fault | undefined;

/** A fault plan that tests change during a run. Several may be active at the same time. */
export class Faults {
  readonly #decisions = new Set<Decision>();

  readonly plan: FaultPlan = {
    onCall: (call) => {
      for (const decide of this.#decisions) {
        const fault = decide(call);
        if (fault !== undefined) return fault;
      }
      return undefined;
    },
  };

  /** Runs work while `decide` injects faults. */
  async during<Result>(decide: Decision, work: () => Promise<Result>): Promise<Result> {
    // A new function, because two callers may pass the same one.
    const own: Decision = (call) => decide(call);
    this.#decisions.add(own);
    try {
      return await work();
    } finally {
      this.#decisions.delete(own);
    }
  }
}
