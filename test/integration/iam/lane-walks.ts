import { ulid } from 'ulid';
import { laneKeys } from '../../../shared/core/table/integration-keys.ts';
import { webhookDestination } from '../../../shared/features/webhooks/webhook-store.ts';
import { succeed } from '../desk/desk-calls.ts';
import { walkedDelivery, walkedWebhook } from '../webhooks/walked-webhook.ts';
import { announce, newWebhook, quietTypes } from '../webhooks/webhook-calls.ts';
import type { OperationWalk } from './walk-scene.ts';

/** An event is stored and delivered. */
export const deliversWebhook: OperationWalk = async (scene) => {
  const { webhook, delivery } = await walkedDelivery(scene);
  await scene.eventually('the event is delivered', async () => {
    const path = `/api/v1/admin/webhooks/${webhook}/deliveries/${delivery}`;
    const { status } = await scene.answer(200, 'GET', path, scene.walker.admin);
    return status === 'delivered';
  });
};

/** A webhook that answers 410 is ended, and one that fails parks its lane. */
export const pausesAndEndsWebhooks: OperationWalk = async (scene) => {
  const { test, admin } = scene.walker;
  for (const status of [410, 503]) {
    const { id, host } = await newWebhook(test, admin, `walk-${ulid().toLowerCase()}`, quietTypes);
    test.run.farSides.behave(host, { kind: 'answer', status });
    await announce(test, admin, id);
    await scene.eventually(`the answer ${status} has its effect`, async () => {
      const webhook = await scene.answer(200, 'GET', `/api/v1/admin/webhooks/${id}`, admin);
      return status === 410 ? webhook.enabled === false : webhook.pausedUntil !== undefined;
    });
    await succeed(test, admin, 'DELETE', `/admin/webhooks/${id}`);
  }
};

/** Sends an early wake-up again. */
export const returnsEarlyWakeUps: OperationWalk = async (scene) => {
  const { run } = scene.walker.test;
  const { pk, sk } = laneKeys.lane(webhookDestination(await walkedWebhook(scene)), ulid());
  const tenantId = ulid();
  const queue = run.assembly.ofType('AWS::SQS::Queue').find(({ physicalId }) => physicalId.endsWith('-run-lanes'));
  const body = JSON.stringify({ tenantId, pk, sk, wakeAt: Date.now() + 10 * 60_000 });
  await run.aws.call('sqs', 'SendMessage', { QueueUrl: queue?.physicalId, MessageBody: body });
  await scene.eventually('the wake-up waits for the rest of its delay', async () =>
    run.timers.pending().some((timer) => timer.body.includes(tenantId)),
  );
};
