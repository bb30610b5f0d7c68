import type {
  replayWebhookDeliveries as replayWebhookDeliveriesRoute,
  replayWebhookDelivery as replayWebhookDeliveryRoute,
} from '../../contract/webhooks/deliveries.ts';
import {
  deliveryNotFound,
  deliveryPending,
  replayRunning,
  webhookDisabled,
  webhookNotFound,
} from '../../contract/webhooks/problems.ts';
import { refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import { firstIdAt, lastIdAt } from '../../core/runtime/ids.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { UseCase } from '../../core/use-case.ts';
import { readDelivery, repeatDelivery } from '../lanes/delivery-store.ts';
import { startReplay } from '../lanes/replay-range.ts';
import { viewOfDelivery } from './webhook-deliveries.ts';
import { readWebhook, viewOfReplay, webhookDestination } from './webhook-store.ts';

export const replayWebhookDelivery: UseCase<typeof replayWebhookDeliveryRoute> = async (
  { scope },
  { webhookId, deliveryId },
) => {
  const destination = webhookDestination(webhookId);
  const [webhook, item] = await settleAll([
    readWebhook(scope, webhookId),
    readDelivery(scope, destination, deliveryId),
  ]);
  if (webhook === undefined) return refuse(webhookNotFound);
  if (item === undefined) return refuse(deliveryNotFound);
  if (!webhook.isEnabled) return refuse(webhookDisabled);
  if (!(await repeatDelivery(scope, destination, item))) return refuse(deliveryPending);
  const stored = await readDelivery(scope, destination, deliveryId);
  return stored === undefined ? refuse(deliveryNotFound) : viewOfDelivery(stored);
};

export const replayWebhookDeliveries: UseCase<typeof replayWebhookDeliveriesRoute> = async (
  { scope },
  { webhookId, since, until, failedOnly },
) => {
  const webhook = await readWebhook(scope, webhookId);
  if (webhook === undefined) return refuse(webhookNotFound);
  if (!webhook.isEnabled) return refuse(webhookDisabled);
  const replay = await startReplay(scope, webhookDestination(webhookId), {
    from: firstIdAt(Date.parse(since)),
    to: lastIdAt(until === undefined ? now() : Date.parse(until)),
    ...(failedOnly ? { status: 'failed' } : {}),
  });
  return replay === undefined ? refuse(replayRunning) : viewOfReplay(replay);
};
