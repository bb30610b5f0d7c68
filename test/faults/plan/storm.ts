import { createHash } from 'node:crypto';
import type { Fault, FaultPlan, PlannedCall } from '../../../local/fault-plan.ts';

/** Share of the calls, frames, batches or events that each fault affects. */
export interface StormShares {
  readonly killBefore: number;
  readonly killAfter: number;
  readonly loseReply: number;
  readonly throttle: number;
  readonly delayCall: number;
  /** A post to an existing connection is answered with 410 or 429. */
  readonly gone: number;
  readonly tooMany: number;
  readonly delayFrame: number;
  readonly dropDisconnect: number;
  /** Redelivers a bus event or a batch, sometimes in another order. */
  readonly repeatEvent: number;
  readonly repeatBatch: number;
  readonly staleRead: number;
}

export type StormFault = keyof StormShares;

/** The rate still allows progress. */
export const roughWeather: StormShares = {
  killBefore: 0.004,
  killAfter: 0.004,
  loseReply: 0.006,
  throttle: 0.01,
  delayCall: 0.01,
  gone: 0.01,
  tooMany: 0.05,
  delayFrame: 0.1,
  dropDisconnect: 0.3,
  repeatEvent: 0.1,
  repeatBatch: 0.2,
  staleRead: 0.1,
};

const longestDelayMs = 25;
const posts = 'PostToConnection';

/**
 * A fault depends on the seed, the kind of call and the number of earlier calls of this kind. A seed repeats its faults
 * even if unrelated calls change order.
 */
export class Storm {
  readonly seed: number;
  readonly #shares: StormShares;
  readonly #counts = new Map<string, number>();
  readonly #happened = new Map<StormFault, number>();
  #isRaging = false;

  constructor(seed: number, shares: StormShares = roughWeather) {
    this.seed = seed;
    this.#shares = shares;
  }

  readonly plan: FaultPlan = {
    onCall: (call) => this.#onCall(call),
    onFrame: () => (this.#strikes(['delayFrame'], 'frame') === undefined ? undefined : this.#delayOf('frame')),
    staleRead: (table, index, operation) =>
      this.#strikes(['staleRead'], `read ${table} ${index ?? ''} ${operation}`) !== undefined,
    deliveries: (ruleName) => (this.#strikes(['repeatEvent'], `event ${ruleName}`) === undefined ? 1 : 2),
    additionalBatch: (source, functionName) => {
      const subject = `batch ${source} ${functionName}`;
      if (this.#strikes(['repeatBatch'], subject) === undefined) return undefined;
      return (['copy', 'reordered', 'earlier'] as const)[Math.floor(this.#draw(`${subject} kind`) * 3)];
    },
    dropDisconnect: () => this.#strikes(['dropDisconnect'], 'disconnect') !== undefined,
  };

  begin(): void {
    this.#isRaging = true;
  }

  calm(): void {
    this.#isRaging = false;
  }

  get happened(): Readonly<Partial<Record<StormFault, number>>> {
    return Object.fromEntries(this.#happened);
  }

  /** Of all kinds. */
  get faultCount(): number {
    return [...this.#happened.values()].reduce((sum, count) => sum + count, 0);
  }

  #onCall({ functionName, service, operation }: PlannedCall): Fault | undefined {
    // The test itself reads as the account's owner.
    if (functionName === 'owner') return undefined;
    const subject = `call ${functionName} ${service}:${operation}`;
    const common = ['killBefore', 'killAfter', 'loseReply', 'throttle', 'delayCall'] as const;
    const kind = this.#strikes(operation === posts ? [...common, 'gone', 'tooMany'] : common, subject);
    switch (kind) {
      case 'killBefore':
        return { kind: 'kill-before' };
      case 'killAfter':
        return { kind: 'kill-after' };
      case 'loseReply':
        return { kind: 'lose-reply' };
      case 'throttle':
        return { kind: 'throttle' };
      case 'delayCall':
        return { kind: 'delay', ms: this.#delayOf(subject) };
      case 'gone':
        return { kind: 'status', status: 410, code: 'GoneException' };
      case 'tooMany':
        return { kind: 'status', status: 429, code: 'LimitExceededException' };
      default:
        return undefined;
    }
  }

  #strikes(kinds: readonly StormFault[], subject: string): StormFault | undefined {
    if (!this.#isRaging) return undefined;
    let draw = this.#draw(subject);
    for (const kind of kinds) {
      if (draw < this.#shares[kind]) {
        this.#happened.set(kind, (this.#happened.get(kind) ?? 0) + 1);
        return kind;
      }
      draw -= this.#shares[kind];
    }
    return undefined;
  }

  #delayOf(subject: string): number {
    return Math.ceil(this.#draw(`${subject} delay`) * longestDelayMs);
  }

  #draw(subject: string): number {
    const count = (this.#counts.get(subject) ?? 0) + 1;
    this.#counts.set(subject, count);
    const digest = createHash('sha256').update(`${this.seed}/${subject}/${count}`).digest();
    return digest.readUInt32BE(0) / 2 ** 32;
  }
}
