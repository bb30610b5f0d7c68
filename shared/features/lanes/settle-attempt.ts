import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { now } from '../../core/runtime/clock.ts';
import type { Expression } from '../../core/table/expression.ts';
import { type Key, laneKeys } from '../../core/table/keys.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { type DeliveryItem, type DeliveryStatus, type LaneItem, recordLifeMs } from './delivery-item.ts';
import { sealAnswer } from './delivery-text.ts';
import type { Gate } from './gate-rules.ts';
import { endDestination, recordFailure, recordSuccess } from './gate-store.ts';
import { destinationKey, type LaneKind, type Outcome } from './lane-kind.ts';
import { isHeld, leaveLane, parkLane, type Pending } from './lane-store.ts';
import { nextAttemptAt } from './schedule-rules.ts';

interface Attempt {
  readonly scope: TenantScope;
  readonly kind: LaneKind;
  readonly keys: TenantKeys;
  readonly destinationId: string;
  readonly lane: string;
  readonly held: LaneItem;
  readonly item: DeliveryItem;
  /** As it was when the attempt began. */
  readonly gate: Gate | undefined;
  readonly outcome: Outcome;
}

/** @returns the lane if it may have more deliveries to attempt now. */
export async function settleAttempt(attempt: Attempt): Promise<LaneItem | undefined> {
  const { scope, kind, destinationId, lane, held, gate, outcome } = attempt;
  const destination = destinationKey({ kind: kind.name, destinationId });
  switch (outcome.kind) {
    case 'hold':
      await leaveLane(scope, destination, lane, held, outcome.until);
      return undefined;
    case 'delivered': {
      const next = await finish(attempt, 'delivered');
      if (gate !== undefined) await recordSuccess(scope, destination);
      return next;
    }
    case 'rejected': {
      const next = await finish(attempt, 'failed');
      // The destination answered or no longer exists, so others need not wait.
      if (gate?.closedUntil !== undefined) await recordSuccess(scope, destination);
      return next;
    }
    case 'gone':
      await endDestination(scope, kind, destinationId, 'gone');
      return finish(attempt, 'failed');
    case 'failed':
      return fail(attempt, outcome);
  }
}

async function fail(attempt: Attempt, outcome: Outcome & { kind: 'failed' }): Promise<LaneItem | undefined> {
  const { scope, kind, destinationId, lane, held, item, gate } = attempt;
  const at = now();
  const { of, retryAfterMs } = outcome;
  const [failures, jitter] = [item.failures + 1, Math.random()];
  const next = nextAttemptAt({ at, failures, createdAt: item.createdAt, retryAfterMs, jitter });
  const isLost = next === undefined;
  const failure = { of, at, retryAfterMs, isLost, jitter };
  const after = await recordFailure(scope, kind, destinationId, gate, failure);
  if (next === undefined) return finish(attempt, 'failed');
  const destination = destinationKey({ kind: kind.name, destinationId });
  const isPaused = of === 'destination' && typeof after === 'object' && after.closedUntil !== undefined;
  const recorded = await unitOfWork(scope)
    .update('delivery', laneKeys.delivery(destination, item.deliveryId), attemptOf(attempt, 'pending', at))
    .update(
      'lane',
      laneKeys.lane(destination, lane),
      isPaused
        ? { expression: 'REMOVE #notBefore' }
        : { expression: 'SET #wakeAt = :next, #notBefore = :next REMOVE #busyUntil', values: { next } },
      isHeld(held),
    )
    .commit();
  if (!recorded.committed || !isPaused) return undefined;
  // Otherwise the destination works again.
  if (!(await parkLane(scope, destination, lane, held, after))) await leaveLane(scope, destination, lane, held, next);
  return undefined;
}

/** Removes a delivery from its lane. */
async function finish(attempt: Attempt, status: DeliveryStatus): Promise<LaneItem | undefined> {
  const { scope, kind, destinationId, lane, held, item } = attempt;
  const destination = destinationKey({ kind: kind.name, destinationId });
  const outcome = await unitOfWork(scope)
    .update('delivery', laneKeys.delivery(destination, item.deliveryId), attemptOf(attempt, status, now()))
    .delete('pending', laneKeys.pending(destination, lane, item.position))
    .update('lane', laneKeys.lane(destination, lane), ...passing(held, item.position))
    .commit();
  return outcome.committed ? { ...held, lastPosition: laterOf(held.lastPosition, item.position) } : undefined;
}

/** Removes an entry whose delivery does not wait any more. */
export async function dropPending(
  scope: TenantScope,
  destination: string,
  lane: string,
  held: LaneItem,
  { sk: position }: Pending & Pick<Key, 'sk'>,
): Promise<LaneItem | undefined> {
  const outcome = await unitOfWork(scope)
    .delete('pending', laneKeys.pending(destination, lane, position))
    .check('lane', laneKeys.lane(destination, lane), isHeld(held))
    .commit();
  return outcome.committed ? held : undefined;
}

function passing(held: LaneItem, position: string) {
  const change: Expression = {
    expression: 'SET #lastPosition = :position REMOVE #notBefore',
    values: { position: laterOf(held.lastPosition, position) },
  };
  return [change, isHeld(held)] as const;
}

function laterOf(last: string | undefined, position: string): string {
  return last !== undefined && last > position ? last : position;
}

/** The record of the attempt. */
function attemptOf({ scope, keys, item, outcome }: Attempt, status: DeliveryStatus, at: number): Expression {
  const { error, status: httpStatus, answer } = { error: undefined, status: undefined, answer: undefined, ...outcome };
  const isFailure = outcome.kind !== 'delivered';
  const values: Record<string, unknown> = {
    status,
    at,
    one: 1,
    failures: item.failures + (isFailure ? 1 : 0),
    expiresAt: Math.floor((at + recordLifeMs) / 1000),
    ...(error === undefined ? {} : { error }),
    ...(httpStatus === undefined ? {} : { httpStatus }),
    ...(answer === undefined ? {} : { answer: sealAnswer(keys, scope, item.deliveryId, answer) }),
  };
  const optional = ['error', 'httpStatus', 'answer'] as const;
  const set = optional.filter((name) => values[name] !== undefined).map((name) => `, #${name} = :${name}`);
  const removed = optional.filter((name) => values[name] === undefined).map((name) => `#${name}`);
  return {
    expression:
      `SET #status = :status, #lastAttemptAt = :at, #failures = :failures, #expiresAt = :expiresAt${set.join('')} ` +
      `${removed.length === 0 ? '' : `REMOVE ${removed.join(', ')} `}ADD #attempts :one`,
    values,
  };
}
