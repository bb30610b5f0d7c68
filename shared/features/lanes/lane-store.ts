import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { now } from '../../core/runtime/clock.ts';
import { absent } from '../../core/table/expression.ts';
import { type Key, laneKeys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { type DeliveryItem, type LaneItem, recordLifeMs } from './delivery-item.ts';
import { sealBody } from './delivery-text.ts';
import type { Gate } from './gate-rules.ts';

export interface NewDelivery {
  readonly destination: string;
  /** The same at every repetition. */
  readonly deliveryId: string;
  readonly lane: string;
  /** Deliveries of a lane are attempted in the order of their positions. */
  readonly position: string;
  readonly type: string;
  readonly body: string;
}

export interface Pending {
  readonly deliveryId: string;
}

/** Longer than a function works on a lane. Another one may continue afterwards. */
export const busyMs = 55_000;
const idleLifeMs = 60 * 60 * 1000;

/** Stores a delivery once, and wakes its lane unless it is parked or waits to repeat an attempt. */
export async function addDelivery(scope: TenantScope, keys: TenantKeys, delivery: NewDelivery): Promise<void> {
  const { destination, deliveryId, lane, position } = delivery;
  for (const isParked of [false, true, false, true]) {
    const work = unitOfWork(scope)
      .put('delivery', laneKeys.delivery(destination, deliveryId), newItem(scope, keys, delivery, 'pending'), absent)
      .put('pending', laneKeys.pending(destination, lane, position), { deliveryId })
      .update('lane', ...laneAddition(destination, lane, isParked));
    const outcome = await work.commit();
    if (outcome.committed || outcome.failed === 'delivery') return;
  }
  throw new Error('The lane was parked and woken meanwhile');
}

/** Stores a delivery that is not attempted, so that it can be replayed. */
export async function recordDelivery(
  scope: TenantScope,
  keys: TenantKeys,
  delivery: NewDelivery,
  error: string,
): Promise<void> {
  const key = laneKeys.delivery(delivery.destination, delivery.deliveryId);
  await tenantTable(scope).put(key, { ...newItem(scope, keys, delivery, 'failed'), error }, absent);
}

function newItem(
  scope: TenantScope,
  keys: TenantKeys,
  { deliveryId, lane, position, type, body }: NewDelivery,
  status: DeliveryItem['status'],
): DeliveryItem {
  const createdAt = now();
  return {
    deliveryId,
    lane,
    position,
    type,
    body: sealBody(keys, scope, deliveryId, body),
    status,
    createdAt,
    failures: 0,
    attempts: 0,
    expiresAt: Math.floor((createdAt + recordLifeMs) / 1000),
  };
}

/** Key, change and condition of a lane that gets one more delivery. */
export function laneAddition(destination: string, lane: string, isParked: boolean) {
  return [
    laneKeys.lane(destination, lane),
    isParked
      ? { expression: 'ADD #revision :one', values: { one: 1 } }
      : {
          expression: 'SET #wakeAt = if_not_exists(#wakeAt, :now) ADD #revision :one REMOVE #expiresAt',
          values: { now: now(), one: 1 },
        },
    { expression: isParked ? 'attribute_exists(#parkedAt)' : 'attribute_not_exists(#parkedAt)' },
  ] as const;
}

/** Keeps other functions from the lane. @returns undefined if another one has it, or it is not due. */
export async function claimLane(
  scope: TenantScope,
  destination: string,
  lane: string,
  wakeAt: number,
  at: number,
): Promise<LaneItem | undefined> {
  const outcome = await tenantTable(scope).update<LaneItem>(
    laneKeys.lane(destination, lane),
    { expression: 'SET #busyUntil = :until', values: { until: at + busyMs } },
    {
      expression: '#wakeAt = :wakeAt AND (attribute_not_exists(#busyUntil) OR #busyUntil <= :at)',
      values: { wakeAt, at },
    },
  );
  return outcome.written ? outcome.item : undefined;
}

export function isHeld({ busyUntil }: LaneItem) {
  return { expression: '#busyUntil = :held', values: { held: busyUntil } };
}

/** Lets others have the lane, at the given time. */
export async function leaveLane(
  scope: TenantScope,
  destination: string,
  lane: string,
  held: LaneItem,
  wakeAt: number,
): Promise<void> {
  await tenantTable(scope).update(
    laneKeys.lane(destination, lane),
    { expression: 'SET #wakeAt = :next REMOVE #busyUntil', values: { next: wakeAt } },
    isHeld(held),
  );
}

/** @returns the lane if deliveries were added meanwhile. */
export async function endLane(
  scope: TenantScope,
  destination: string,
  lane: string,
  held: LaneItem,
): Promise<LaneItem | undefined> {
  const outcome = await tenantTable(scope).update<LaneItem>(
    laneKeys.lane(destination, lane),
    {
      expression: 'SET #expiresAt = :expiresAt REMOVE #wakeAt, #busyUntil, #notBefore',
      values: { expiresAt: Math.floor((now() + idleLifeMs) / 1000) },
    },
    { expression: '#busyUntil = :held AND #revision = :seen', values: { held: held.busyUntil, seen: held.revision } },
  );
  if (outcome.written || outcome.existing?.busyUntil !== held.busyUntil) return undefined;
  return outcome.existing;
}

/**
 * Parks the lane until the destination works.
 * @returns false if the gate changed meanwhile.
 */
export async function parkLane(
  scope: TenantScope,
  destination: string,
  lane: string,
  held: LaneItem,
  gate: Gate,
): Promise<boolean> {
  const outcome = await unitOfWork(scope)
    .check('gate', laneKeys.gate(destination), {
      expression: '#closedUntil = :closedUntil',
      values: { closedUntil: gate.closedUntil },
    })
    .put('parked', laneKeys.parked(destination, lane), { lane })
    .update(
      'lane',
      laneKeys.lane(destination, lane),
      { expression: 'SET #parkedAt = :now REMOVE #wakeAt, #busyUntil', values: { now: now() } },
      isHeld(held),
    )
    .commit();
  return outcome.committed || outcome.failed === 'lane';
}

/** Wakes a parked lane, not before its first delivery is due. */
export async function wakeParked(scope: TenantScope, destination: string, lane: string, at: number): Promise<void> {
  const stored = await tenantTable(scope).get<LaneItem>(laneKeys.lane(destination, lane), { consistent: true });
  await unitOfWork(scope)
    .delete('parked', laneKeys.parked(destination, lane))
    .update(
      'lane',
      laneKeys.lane(destination, lane),
      {
        expression: 'SET #wakeAt = :next REMOVE #parkedAt, #busyUntil',
        values: { next: Math.max(at, stored?.notBefore ?? 0) },
      },
      { expression: 'attribute_exists(#parkedAt)' },
    )
    .commit();
}

export async function firstPending(
  scope: TenantScope,
  destination: string,
  lane: string,
): Promise<(Pending & Key) | undefined> {
  const { pk } = laneKeys.pending(destination, lane, '');
  const { items } = await tenantTable(scope).query<Pending>({ pk, limit: 1, consistent: true });
  return items[0];
}

export async function parkedLanes(
  scope: TenantScope,
  destination: string,
  range: { readonly after?: string | undefined; readonly limit: number },
): Promise<readonly string[]> {
  const start = laneKeys.parked(destination, range.after ?? '');
  const { items } = await tenantTable(scope).query<{ readonly lane: string }>({
    pk: start.pk,
    // Exclusive, because no id begins with another one and a control character.
    between: [range.after === undefined ? start.sk : `${start.sk}\u0000`, laneKeys.parked(destination, '\uffff').sk],
    limit: range.limit,
    consistent: true,
  });
  return items.map(({ lane }) => lane);
}
