import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { UnitOfWork } from '../../core/table/unit-of-work.ts';
import type { FailureOf } from './gate-rules.ts';

/** A delivery that is to be attempted. */
export interface Delivery {
  readonly destinationId: string;
  readonly deliveryId: string;
  readonly lane: string;
  readonly position: string;
  readonly type: string;
  /** The exact text to send. */
  readonly body: string;
  /** Failed attempts so far. */
  readonly failures: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Position of the last delivery of the lane that succeeded or failed for good. */
  readonly lastPosition: string | undefined;
}

/** An answer, for admins. It may contain anything, so it is stored encrypted and cut. */
interface Answer {
  readonly status?: number | undefined;
  readonly answer?: string | undefined;
}

export type Outcome =
  | ({ readonly kind: 'delivered' } & Answer)
  /** Try again later. */
  | ({
      readonly kind: 'failed';
      readonly error: string;
      readonly of: FailureOf;
      readonly retryAfterMs?: number | undefined;
    } & Answer)
  /** No attempt of this delivery will succeed. Says nothing about the destination. */
  | ({ readonly kind: 'rejected'; readonly error: string } & Answer)
  /** The destination wants no more deliveries. */
  | ({ readonly kind: 'gone'; readonly error: string } & Answer)
  /** Nothing was sent. An earlier delivery of the lane is expected until then, in milliseconds since the epoch. */
  | { readonly kind: 'hold'; readonly until: number };

export type EndReason = 'gone' | 'failing';

/** A kind of destination. */
export interface LaneKind {
  /** Part of stored keys: letters only. */
  readonly name: string;
  /**
   * Makes one attempt. It may be repeated with the same id after a crash.
   * @throws to repeat it without counting it.
   */
  attempt(scope: TenantScope, delivery: Delivery, at: number): Promise<Outcome>;
  /** Adds the end of the destination to a transaction. From then on, {@link attempt} rejects its deliveries. */
  end(work: UnitOfWork, destinationId: string, reason: EndReason, at: number): UnitOfWork;
}

export function defineLaneKind(kind: LaneKind): LaneKind {
  return Object.freeze(kind);
}

export interface Destination {
  readonly kind: string;
  readonly destinationId: string;
}

/** In keys: `webhook/01J…`. */
export function destinationKey({ kind, destinationId }: Destination): string {
  return `${kind}/${destinationId}`;
}

export function parseDestination(text: string): Destination {
  const [kind = '', destinationId = ''] = text.split('/');
  return { kind, destinationId };
}
