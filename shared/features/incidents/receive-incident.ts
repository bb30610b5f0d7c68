import { incidentReceivedEvent } from '../../contract/events/events.ts';
import { deliveryNotAuthentic, deliveryTooLarge, tooManyDeliveries } from '../../contract/incidents/problems.ts';
import { largestDelivery, type receiveIncident as receiveRoute } from '../../contract/incidents/receive-incident.ts';
import { type TenantKeys, tenantKeys } from '../../core/encryption/data-keys.ts';
import { refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import { newId } from '../../core/runtime/ids.ts';
import { count } from '../../core/runtime/metrics.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { incidentKeys } from '../../core/table/integration-keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { UseCase } from '../../core/use-case.ts';
import { countAttempt, tenantBucket } from '../identity/attempt-counter.ts';
import { identityOf, isAuthentic } from './authentication-rules.ts';
import { type DeliveryItem, expiryOfDelivery, expiryOfSeen, sealPayload } from './delivery-store.ts';
import { deliveryLimits } from './delivery-limits.ts';
import { tenantOfSource } from './source-directory.ts';
import { openSecrets, readSource } from './source-store.ts';

/**
 * Stores the bytes of a delivery with its event, and nothing else: senders wait at most five seconds. The consumer does
 * the rest. Answers an unknown source like a wrong signature.
 */
export const receiveIncident: UseCase<typeof receiveRoute> = async ({ sourceId }, { headers, bytes }) => {
  if (bytes.length > largestDelivery) return refuse(deliveryTooLarge);
  const scope = await tenantOfSource(sourceId);
  if (scope === undefined) return refuse(deliveryNotAuthentic);
  const [source, keys] = await settleAll([readSource(scope, sourceId), tenantKeys(scope)]);
  if (source === undefined || !source.enabled) return refuse(deliveryNotAuthentic);
  const at = now();
  const arrived = { headers, bytes };
  if (!isAuthentic(source.authentication, openSecrets(keys, scope, source, at), arrived, at)) {
    await recordRefusal(scope, sourceId, bytes.length, at);
    return refuse(deliveryNotAuthentic);
  }
  const retryAfterMs = await countAttempt(tenantBucket(scope, deliveryLimits.authentic, sourceId));
  if (retryAfterMs > 0) return refuse(tooManyDeliveries, { retryAfterMs });
  const original = await store(scope, keys, sourceId, identityOf(source.authentication, arrived), bytes, at);
  if (!original.duplicate) count('IncidentReceived');
  return { accepted: true, ...original };
};

/** One transaction writes the delivery, its payload and its event, unless the same delivery arrived before. */
async function store(
  scope: TenantScope,
  keys: TenantKeys,
  sourceId: string,
  identity: string,
  bytes: Uint8Array,
  at: number,
): Promise<{ readonly deliveryId: string; readonly duplicate: boolean }> {
  const deliveryId = newId();
  const expiresAt = expiryOfDelivery(at);
  const delivery = itemOf(deliveryId, at, bytes.length, { outcomes: ['received'] });
  const outcome = await unitOfWork(scope)
    .put(
      'seen',
      incidentKeys.seen(sourceId, identity),
      { deliveryId, expiresAt: expiryOfSeen(at) },
      {
        expression: 'attribute_not_exists(#pk) OR #expiresAt <= :now',
        values: { now: Math.floor(at / 1000) },
      },
    )
    .put('delivery', incidentKeys.delivery(sourceId, deliveryId), delivery)
    .put('payload', incidentKeys.payload(deliveryId), {
      payload: sealPayload(keys, scope, deliveryId, bytes),
      expiresAt,
    })
    .emit(incidentReceivedEvent, { sourceId, deliveryId })
    .commit();
  const known = outcome.committed ? deliveryId : (outcome.existing?.['deliveryId'] as string);
  // The client repeats a transaction whose reply was lost, and then meets its own item.
  if (known === deliveryId) return { deliveryId, duplicate: false };
  const repeated = itemOf(deliveryId, at, bytes.length, { outcomes: ['duplicate'], duplicateOf: known });
  await tenantTable(scope).put(incidentKeys.delivery(sourceId, deliveryId), repeated);
  return { deliveryId: known, duplicate: true };
}

/** Admins see why nothing arrives. Of strangers who know the id, only a few are recorded. */
async function recordRefusal(scope: TenantScope, sourceId: string, bytes: number, at: number): Promise<void> {
  count('IncidentRefused');
  if ((await countAttempt(tenantBucket(scope, deliveryLimits.refused, sourceId))) > 0) return;
  const deliveryId = newId();
  const refused = itemOf(deliveryId, at, bytes, { outcomes: ['refused'], reason: 'not-authentic' });
  await tenantTable(scope).put(incidentKeys.delivery(sourceId, deliveryId), refused);
}

function itemOf(
  deliveryId: string,
  receivedAt: number,
  bytes: number,
  more: Pick<DeliveryItem, 'outcomes' | 'reason' | 'duplicateOf'>,
): DeliveryItem {
  return { deliveryId, receivedAt, bytes, incidents: 0, expiresAt: expiryOfDelivery(receivedAt), ...more };
}
