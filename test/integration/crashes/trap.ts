import type { Fault, FaultPlan, PlannedCall } from '../../../local/fault-plan.ts';
import { entitiesOf } from './entities.ts';

export const faultKinds = ['kill-before', 'kill-after', 'lose-reply', 'throttle'] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface CrashPoint {
  /** `messages dynamodb:PutItem C/L #1`: function, call, items, number among equal calls. */
  readonly call: string;
  readonly fault: FaultKind;
}

interface Watch {
  readonly point: CrashPoint | undefined;
  readonly calls: string[];
  readonly counts: Map<string, number>;
  readonly invocations: Set<string>;
  hit: boolean;
}

/**
 * Injects one fault into one call. Concurrent calls keep their names. Watches on different functions are independent.
 */
export class Trap {
  readonly #prefix: string;
  readonly #watches = new Map<string, Watch>();

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  readonly plan: FaultPlan = { onCall: (call) => this.#onCall(call) };

  /** The call of the point gets its fault once. */
  watch(functionNames: readonly string[], point?: CrashPoint): void {
    const watch: Watch = { point, calls: [], counts: new Map(), invocations: new Set(), hit: false };
    for (const name of functionNames) this.#watches.set(name, watch);
  }

  invocations(functionNames: readonly string[]): readonly string[] {
    return [...(this.#watches.get(functionNames[0] ?? '')?.invocations ?? [])];
  }

  /** `hit` is true if the point's call was made. */
  unwatch(functionNames: readonly string[]): { readonly calls: readonly string[]; readonly hit: boolean } {
    const watch = this.#watches.get(functionNames[0] ?? '');
    for (const name of functionNames) this.#watches.delete(name);
    return { calls: watch?.calls ?? [], hit: watch?.hit === true };
  }

  #onCall(call: PlannedCall): Fault | undefined {
    const functionName = call.functionName.slice(this.#prefix.length);
    const watch = this.#watches.get(functionName);
    if (watch === undefined) return undefined;
    if (call.invocationId !== undefined) watch.invocations.add(call.invocationId);
    const asked = `${functionName} ${call.service}:${call.operation} ${entitiesOf(call)}`.trimEnd();
    const count = (watch.counts.get(asked) ?? 0) + 1;
    watch.counts.set(asked, count);
    const name = `${asked} #${count}`;
    watch.calls.push(name);
    if (watch.hit || watch.point?.call !== name) return undefined;
    watch.hit = true;
    return { kind: watch.point.fault };
  }
}
