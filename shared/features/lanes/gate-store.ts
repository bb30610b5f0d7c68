import { now } from '../../core/runtime/clock.ts';
import { laneKeys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { type UnitOfWork, unitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { Expression } from '../../core/table/expression.ts';
import type { GateItem } from './delivery-item.ts';
import { afterFailure, type Gate, type GateFailure, probeMs, shouldEnd } from './gate-rules.ts';
import { destinationKey, type LaneKind } from './lane-kind.ts';

/** The gate, or undefined if the destination works. Reads consistently. */
export async function readGate(scope: TenantScope, destination: string): Promise<Gate | undefined> {
  return gateOf(await readGateItem(scope, destination));
}

export function readGateItem(scope: TenantScope, destination: string): Promise<GateItem | undefined> {
  return tenantTable(scope).get<GateItem>(laneKeys.gate(destination), { consistent: true });
}

/** By destination. Eventually consistent. */
export async function readGates(
  scope: TenantScope,
  destinations: readonly string[],
): Promise<ReadonlyMap<string, Gate>> {
  const items = await tenantTable(scope).batchGet<GateItem>(destinations.map((each) => laneKeys.gate(each)));
  const byPartition = new Map(items.map((item) => [item.pk, gateOf(item)]));
  const gates = destinations.map((each) => [each, byPartition.get(laneKeys.gate(each).pk)] as const);
  return new Map(gates.filter((pair): pair is [string, Gate] => pair[1] !== undefined));
}

export function gateOf(item: GateItem | undefined): Gate | undefined {
  if (item?.failures === undefined || item.firstFailureAt === undefined) return undefined;
  const { failures, firstFailureAt, closings = 0, lost = 0, ...others } = item;
  return { ...others, failures, firstFailureAt, closings, lost };
}

const attempts = 5;

/**
 * Counts a failed attempt. Failures that began before the gate was last closed do not close it for longer.
 * @param before - as it was when the attempt began.
 * @returns the gate as it now is; `ended` if the destination has failed for so long that it was ended.
 */
export async function recordFailure(
  scope: TenantScope,
  kind: LaneKind,
  destinationId: string,
  before: Gate | undefined,
  failure: GateFailure,
): Promise<Gate | 'ended' | undefined> {
  const destination = destinationKey({ kind: kind.name, destinationId });
  const closings = before?.closings ?? 0;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const current = await readGateItem(scope, destination);
    const gate = gateOf(current);
    if ((gate?.closings ?? 0) !== closings) return gate;
    const next = afterFailure(gate, failure);
    if (shouldEnd(next, failure.at)) {
      await endDestination(scope, kind, destinationId, 'failing');
      return 'ended';
    }
    const { lastProbe = undefined } = current ?? {};
    const item: GateItem = {
      ...next,
      revision: (current?.revision ?? 0) + 1,
      ...(lastProbe === undefined ? {} : { lastProbe }),
      ...(next.closedUntil === undefined ? openingOf(current) : { wakeAt: next.closedUntil }),
    };
    const outcome = await tenantTable(scope).put(laneKeys.gate(destination), item, isUnchanged(current));
    if (outcome.written) return next;
  }
  // Others count failures at the same time. One more would change nothing.
  return readGate(scope, destination);
}

/** Lanes that are being woken must all wake. */
function openingOf(item: GateItem | undefined): Pick<GateItem, 'opening' | 'wakeAt'> {
  const { opening, wakeAt } = item ?? {};
  return { ...(opening === undefined ? {} : { opening }), ...(wakeAt === undefined ? {} : { wakeAt }) };
}

function isUnchanged(item: GateItem | undefined): Expression {
  return item === undefined
    ? { expression: 'attribute_not_exists(#pk)' }
    : { expression: '#revision = :seen', values: { seen: item.revision } };
}

/** Opens the gate after a success, and wakes the lanes that wait. */
export async function recordSuccess(scope: TenantScope, destination: string): Promise<void> {
  await openGate(unitOfWork(scope), destination).commit();
}

/** Belongs into the transaction that lets a destination receive again. */
export function openGate(work: UnitOfWork, destination: string): UnitOfWork {
  return work.update('gate', laneKeys.gate(destination), {
    expression: `SET #opening = :true, #wakeAt = :now ADD #revision :one REMOVE ${failureAttributes}`,
    values: { true: true, now: now(), one: 1 },
  });
}

const failureAttributes = [
  ...['failures', 'firstFailureAt', 'closings', 'closedUntil', 'probe', 'probeUntil', 'lost', 'firstLostAt'],
  ...['lastLostAt', 'lastProbe'],
]
  .map((name) => `#${name}`)
  .join(', ');

/** Lets exactly one lane attempt a delivery while the gate is closed. */
export async function claimProbe(scope: TenantScope, destination: string, lane: string, at: number): Promise<boolean> {
  const outcome = await tenantTable(scope).update<GateItem>(
    laneKeys.gate(destination),
    {
      // The timer lets another lane probe if this one does not return.
      expression: 'SET #probe = :lane, #probeUntil = :until, #lastProbe = :lane, #wakeAt = :until ADD #revision :one',
      values: { lane, until: at + probeMs, one: 1 },
    },
    {
      expression: '#closedUntil <= :at AND (attribute_not_exists(#probe) OR #probe = :lane OR #probeUntil <= :at)',
      values: { lane, at },
    },
  );
  return outcome.written;
}

/** Ends the destination. Its lanes wake, and reject what waits. */
export async function endDestination(
  scope: TenantScope,
  kind: LaneKind,
  destinationId: string,
  reason: 'gone' | 'failing',
): Promise<void> {
  const work = openGate(unitOfWork(scope), destinationKey({ kind: kind.name, destinationId }));
  await kind.end(work, destinationId, reason, now()).commit();
}
