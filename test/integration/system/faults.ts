import type { Fault, FaultPlan, PlannedCall } from '../../../local/fault-plan.ts';

type Decision = (call: PlannedCall) => Fault | undefined;

/** A changeable fault plan. Several faults can be active at once. */
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
