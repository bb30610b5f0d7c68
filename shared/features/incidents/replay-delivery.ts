import { incidentReceivedEvent } from '../../contract/events/events.ts';
import type { replayIncidentDelivery as replayRoute } from '../../contract/incidents/deliveries.ts';
import { deliveryWithoutPayload, incidentDeliveryNotFound, sourceNotFound } from '../../contract/incidents/problems.ts';
import { refuse } from '../../core/refusal.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { present } from '../../core/table/expression.ts';
import { incidentKeys } from '../../core/table/integration-keys.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { UseCase } from '../../core/use-case.ts';
import { deliveryView, readDelivery } from './delivery-store.ts';
import { readSource } from './source-store.ts';

export const replayIncidentDelivery: UseCase<typeof replayRoute> = async ({ scope }, { sourceId, deliveryId }) => {
  const [source, delivery] = await settleAll([readSource(scope, sourceId), readDelivery(scope, sourceId, deliveryId)]);
  if (source === undefined) return refuse(sourceNotFound);
  if (delivery === undefined) return refuse(incidentDeliveryNotFound);
  const outcome = await unitOfWork(scope)
    .check('payload', incidentKeys.payload(deliveryId), present)
    .emit(incidentReceivedEvent, { sourceId, deliveryId })
    .commit();
  return outcome.committed ? deliveryView(delivery) : refuse(deliveryWithoutPayload);
};
