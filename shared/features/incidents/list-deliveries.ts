import type {
  getIncidentDelivery as getRoute,
  listIncidentDeliveries as listRoute,
} from '../../contract/incidents/deliveries.ts';
import { incidentDeliveryNotFound, sourceNotFound } from '../../contract/incidents/problems.ts';
import { invalidCursor } from '../../contract/problems.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { decodeCursor, encodeCursor } from '../../core/table/cursor.ts';
import { deliveriesOf } from '../../core/table/integration-keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { UseCase } from '../../core/use-case.ts';
import { type DeliveryItem, deliveryView, openResults, readDelivery, readPayload } from './delivery-store.ts';
import { readSource } from './source-store.ts';

/** A page of a rare outcome can have fewer items than requested. */
const readsPerPage = 5;
const itemsPerRead = 100;

export const listIncidentDeliveries: UseCase<typeof listRoute> = async ({ scope }, query) => {
  const { sourceId, outcome, limit, cursor } = query;
  const list = `incident-deliveries/${sourceId}/${outcome ?? 'all'}`;
  const start = cursor === undefined ? undefined : decodeCursor(list, cursor);
  if (cursor !== undefined && start === undefined) return refuse(invalidCursor);
  if ((await readSource(scope, sourceId)) === undefined) return refuse(sourceNotFound);
  const found: DeliveryItem[] = [];
  let after = start?.['after'];
  for (let read = 0; read < readsPerPage && found.length < limit; read += 1) {
    const page = await tenantTable(scope).query<DeliveryItem>({
      ...deliveriesOf(sourceId),
      descending: true,
      consistent: true,
      limit: outcome === undefined ? limit - found.length : itemsPerRead,
      ...(after === undefined ? {} : { after }),
    });
    const left = limit - found.length;
    const wanted = page.items.filter((item) => isWanted(item, outcome));
    found.push(...wanted.slice(0, left));
    after = wanted.length > left ? wanted[left - 1]?.sk : page.lastSortKey;
    if (after === undefined) break;
  }
  return {
    items: found.map(deliveryView),
    nextCursor: after === undefined ? null : encodeCursor(list, { after }),
  };
};

function isWanted({ outcomes, expiresAt }: DeliveryItem, outcome: string | undefined): boolean {
  return expiresAt * 1000 > now() && (outcome === undefined || outcomes.some((each) => each === outcome));
}

export const getIncidentDelivery: UseCase<typeof getRoute> = async ({ scope }, { sourceId, deliveryId }) => {
  const [source, delivery, keys] = await settleAll([
    readSource(scope, sourceId),
    readDelivery(scope, sourceId, deliveryId),
    tenantKeys(scope),
  ]);
  if (source === undefined) return refuse(sourceNotFound);
  if (delivery === undefined) return refuse(incidentDeliveryNotFound);
  const payload = await readPayload(scope, keys, deliveryId);
  return {
    delivery: deliveryView(delivery),
    ...(payload === undefined ? {} : { payload }),
    results: openResults(keys, scope, delivery).map((result) => ({ ...result })),
  };
};
