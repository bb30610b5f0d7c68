import { newId } from '../../core/runtime/ids.ts';
import { now } from '../../core/runtime/clock.ts';
import { type Key, destinationOf, laneKeys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { hasTimer, readDue } from '../../core/timers/timer.ts';
import type { DeliveryStatus } from './delivery-item.ts';
import { readDeliveries, repeatDelivery } from './delivery-store.ts';

/** Stored at `laneKeys.replay`: the last replay of a destination. */
export interface ReplayItem {
  readonly replayId: string;
  /** Ids, inclusive. */
  readonly from: string;
  readonly to: string;
  readonly status?: DeliveryStatus;
  readonly createdAt: number;
  /** The last delivery that was examined. */
  readonly after?: string;
  readonly replayed: number;
  /** Absent while it runs. */
  readonly endedAt?: number;
  readonly wakeAt?: number;
}

const pageSize = 25;

export function readReplay(scope: TenantScope, destination: string): Promise<ReplayItem | undefined> {
  return tenantTable(scope).get<ReplayItem>(laneKeys.replay(destination), { consistent: true });
}

/** @returns undefined if another one runs. */
export async function startReplay(
  scope: TenantScope,
  destination: string,
  range: Pick<ReplayItem, 'from' | 'to' | 'status'>,
): Promise<ReplayItem | undefined> {
  const at = now();
  const item: ReplayItem = { replayId: newId(), ...range, createdAt: at, replayed: 0, wakeAt: at };
  const outcome = await tenantTable(scope).put(laneKeys.replay(destination), item, {
    expression: 'attribute_not_exists(#pk) OR attribute_exists(#endedAt)',
  });
  return outcome.written ? item : undefined;
}

/** Repeats one page. A page that is processed twice repeats no delivery twice. */
export async function continueReplay(scope: TenantScope, key: Key, at: number): Promise<void> {
  const replay = await readDue<ReplayItem>(scope, key, at);
  if (replay === undefined) return;
  const destination = destinationOf(key);
  const { from, to, after, status, replayId, wakeAt } = replay;
  const page = await readDeliveries(scope, destination, { from, to, after, limit: pageSize, status });
  let replayed = 0;
  for (const item of page.items) if (await repeatDelivery(scope, destination, item, replayId)) replayed += 1;
  await tenantTable(scope).update(
    key,
    page.last === undefined
      ? { expression: 'SET #endedAt = :at ADD #replayed :replayed REMOVE #wakeAt', values: { at, replayed } }
      : {
          expression: 'SET #after = :after, #wakeAt = :next ADD #replayed :replayed',
          values: { after: page.last, next: Math.max(at, wakeAt + 1), replayed },
        },
    hasTimer(wakeAt),
  );
}
