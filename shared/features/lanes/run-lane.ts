import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { now } from '../../core/runtime/clock.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { laneKeys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { DeliveryItem, LaneItem } from './delivery-item.ts';
import { openBody } from './delivery-text.ts';
import { passageOf } from './gate-rules.ts';
import { claimProbe, readGate } from './gate-store.ts';
import { destinationKey, type Destination, type LaneKind } from './lane-kind.ts';
import { claimLane, endLane, firstPending, leaveLane, parkLane } from './lane-store.ts';
import { dropPending, settleAttempt } from './settle-attempt.ts';

/** Then the lane waits for another wake-up. Together with one attempt, shorter than the function's timeout. */
const workMs = 20_000;

/** Attempts the deliveries of a lane in their order, until one fails or none is left. */
export async function runLane(
  scope: TenantScope,
  kind: LaneKind,
  { destinationId }: Destination,
  lane: string,
  wakeAt: number,
): Promise<void> {
  const destination = destinationKey({ kind: kind.name, destinationId });
  const startedAt = now();
  let held = await claimLane(scope, destination, lane, wakeAt, startedAt);
  while (held !== undefined) {
    if (now() - startedAt > workMs) {
      await leaveLane(scope, destination, lane, held, now());
      return;
    }
    held = await runFirst(scope, kind, destinationId, lane, held);
  }
}

/** @returns the lane if it may have more deliveries to attempt now. */
async function runFirst(
  scope: TenantScope,
  kind: LaneKind,
  destinationId: string,
  lane: string,
  held: LaneItem,
): Promise<LaneItem | undefined> {
  const destination = destinationKey({ kind: kind.name, destinationId });
  const [gate, pending] = await settleAll([readGate(scope, destination), firstPending(scope, destination, lane)]);
  if (pending === undefined) return endLane(scope, destination, lane, held);
  const at = now();
  const passage = passageOf(gate, lane, at);
  const passes = passage === 'open' || (passage === 'probe' && (await claimProbe(scope, destination, lane, at)));
  if (!passes && gate !== undefined) {
    return (await parkLane(scope, destination, lane, held, gate)) ? undefined : held;
  }
  const { deliveryId } = pending;
  const [item, keys] = await settleAll([
    tenantTable(scope).get<DeliveryItem>(laneKeys.delivery(destination, deliveryId), { consistent: true }),
    tenantKeys(scope),
  ]);
  if (item?.status !== 'pending') return dropPending(scope, destination, lane, held, pending);
  const { position, type, failures, createdAt } = item;
  const outcome = await kind.attempt(
    scope,
    {
      ...{ destinationId, deliveryId, lane, position, type, failures, createdAt },
      body: openBody(keys, scope, deliveryId, item.body),
      lastPosition: held.lastPosition,
    },
    at,
  );
  return settleAttempt({ scope, kind, keys, destinationId, lane, held, item, gate, outcome });
}
