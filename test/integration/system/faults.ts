import type { Fault, FaultPlan, PlannedCall } from '../../../local/fault-plan.ts';

type Decision = (call: PlannedCall) => Fault | undefined;

/** A fault plan that tests fill and empty while the run goes on, also side by side. */
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

  /** Runs some work while calls meet faults. */
  async during<Result>(decide: Decision, work: () => Promise<Result>): Promise<Result> {
    // Two callers may pass the same function.
    const own: Decision = (call) => decide(call);
    this.#decisions.add(own);
    try {
      return await work();
    } finally {
      this.#decisions.delete(own);
    }
  }
}
