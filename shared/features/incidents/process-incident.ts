import type { incidentReceivedEvent } from '../../contract/events/events.ts';
import { type Outcome, outcomes } from '../../contract/schemas/incident.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { now } from '../../core/runtime/clock.ts';
import { mapConcurrent } from '../../core/runtime/map-concurrent.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { incidentKeys } from '../../core/table/integration-keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { ConsumedEvent } from '../../transport/consumer.ts';
import { adaptBody } from './adapters/adapt-rules.ts';
import { applyIncident } from './apply-incident.ts';
import { type DeliveryItem, type IncidentResult, readDelivery, readPayload, sealResults } from './delivery-store.ts';
import { openTexts, readSource } from './source-store.ts';

const concurrentIncidents = 8;

/** Processes a delivery. A repetition completes what is missing, and has no other effect. */
export async function processIncident({ scope, data }: ConsumedEvent<typeof incidentReceivedEvent>): Promise<void> {
  const { sourceId, deliveryId } = data;
  const [source, delivery, keys] = await settleAll([
    readSource(scope, sourceId),
    readDelivery(scope, sourceId, deliveryId),
    tenantKeys(scope),
  ]);
  // The source was deleted, or the delivery has expired.
  if (source === undefined || delivery === undefined) return;
  const body = await readPayload(scope, keys, deliveryId);
  if (body === undefined) return;
  const { receivedAt } = delivery;
  const { payload, adapted } = adaptBody(source, body, receivedAt);
  const { reason: _reason, results: _results, ...kept } = delivery;
  const record = async (processed: Pick<DeliveryItem, 'outcomes' | 'incidents' | 'reason' | 'results'>) => {
    const next: DeliveryItem = { ...kept, ...processed, processedAt: now() };
    await tenantTable(scope).put(incidentKeys.delivery(sourceId, deliveryId), next);
  };
  if ('refused' in adapted) {
    await record({ outcomes: ['refused'], incidents: 0, reason: adapted.refused });
    return;
  }
  const { name, rules } = openTexts(keys, scope, source);
  const results: IncidentResult[] = [];
  const apply = mapConcurrent(adapted.entries(), concurrentIncidents, ([index, found]) =>
    applyIncident({ scope, keys, source, rules, name, deliveryId, receivedAt, index, found, payload }),
  );
  for await (const result of apply) results.push(result);
  await record({
    outcomes: distinct(results),
    incidents: adapted.length,
    results: sealResults(keys, scope, deliveryId, results),
  });
}

/** In the order of the contract. */
function distinct(results: readonly IncidentResult[]): readonly Outcome[] {
  return outcomes.filter((outcome) => results.some((result) => result.outcome === outcome));
}
