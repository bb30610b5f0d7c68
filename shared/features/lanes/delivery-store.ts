import { laneKeys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import { now } from '../../core/runtime/clock.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { type DeliveryItem, type DeliveryStatus, recordLifeMs } from './delivery-item.ts';
import { laneAddition } from './lane-store.ts';

/** Reads consistently. Undefined for one that has expired. */
export async function readDelivery(
  scope: TenantScope,
  destination: string,
  deliveryId: string,
): Promise<DeliveryItem | undefined> {
  const key = laneKeys.delivery(destination, deliveryId);
  const item = await tenantTable(scope).get<DeliveryItem>(key, { consistent: true });
  return item === undefined || item.expiresAt * 1000 <= now() ? undefined : item;
}

export interface DeliveryRange {
  /** Ids, inclusive. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Exclusive. */
  readonly after?: string | undefined;
  readonly limit: number;
  readonly status?: DeliveryStatus | undefined;
  readonly descending?: boolean;
}

export interface DeliveryPage {
  readonly items: readonly DeliveryItem[];
  /** Undefined at the end. A page may have fewer items than the limit before. */
  readonly last: string | undefined;
}

/** Reads consistently. */
export async function readDeliveries(
  scope: TenantScope,
  destination: string,
  { from = '', to = '\uffff', after, limit, status, descending = false }: DeliveryRange,
): Promise<DeliveryPage> {
  const { pk } = laneKeys.delivery(destination, '');
  const page = await tenantTable(scope).query<DeliveryItem>({
    pk,
    between: [laneKeys.delivery(destination, from).sk, laneKeys.delivery(destination, to).sk],
    ...(after === undefined ? {} : { after }),
    limit,
    descending,
    consistent: true,
  });
  const at = now();
  const items = page.items.filter(
    (item) => item.expiresAt * 1000 > at && (status === undefined || item.status === status),
  );
  return { items, last: page.lastSortKey };
}

/**
 * Stores a delivery that was delivered or failed as pending again. Its life begins again, and its id stays.
 * @param replayId - of a replay of a range, which repeats no delivery twice.
 * @returns undefined if it is pending, or the replay has repeated it.
 */
export async function repeatDelivery(
  scope: TenantScope,
  destination: string,
  { deliveryId, lane, position }: Pick<DeliveryItem, 'deliveryId' | 'lane' | 'position'>,
  replayId?: string,
): Promise<boolean> {
  const at = now();
  for (const isParked of [false, true, false, true]) {
    const outcome = await unitOfWork(scope)
      .update(
        'delivery',
        laneKeys.delivery(destination, deliveryId),
        {
          expression:
            'SET #status = :pending, #createdAt = :at, #failures = :zero, #expiresAt = :expiresAt' +
            `${replayId === undefined ? '' : ', #replayId = :replayId'} ADD #replays :one`,
          values: {
            ...{ pending: 'pending', at, zero: 0, one: 1, expiresAt: Math.floor((at + recordLifeMs) / 1000) },
            ...(replayId === undefined ? {} : { replayId }),
          },
        },
        {
          expression: `#status <> :pending${replayId === undefined ? '' : ' AND (attribute_not_exists(#replayId) OR #replayId <> :replayId)'}`,
          values: {},
        },
      )
      .put('pending', laneKeys.pending(destination, lane, position), { deliveryId })
      .update('lane', ...laneAddition(destination, lane, isParked))
      .commit();
    if (outcome.committed) return true;
    if (outcome.failed === 'delivery') return false;
  }
  throw new Error('The lane was parked and woken meanwhile');
}
