import { webhookKey } from '../../core/table/keys.ts';
import { now } from '../../core/runtime/clock.ts';
import { defineLaneKind } from '../lanes/lane-kind.ts';
import { outcomeOf } from './answer-rules.ts';
import { awaitedUntil } from './awaited-events.ts';
import { sendSigned } from './send-signed.ts';
import { readWebhook, webhookLaneName } from './webhook-store.ts';

/** A lane is a conversation or a user, and a webhook. */
export const webhookLane = defineLaneKind({
  name: webhookLaneName,

  attempt: async (scope, delivery, at) => {
    const webhook = await readWebhook(scope, delivery.destinationId);
    if (webhook === undefined) return { kind: 'rejected', error: 'deleted' };
    if (!webhook.isEnabled) return { kind: 'rejected', error: 'disabled' };
    const until = await awaitedUntil(scope, webhook, delivery, at);
    if (until !== undefined) return { kind: 'hold', until };
    return outcomeOf(await sendSigned(scope, webhook, delivery.deliveryId, delivery.body), now());
  },

  end: (work, webhookId, reason, at) =>
    work.update(
      'webhook',
      webhookKey(webhookId),
      {
        expression: 'SET #isEnabled = :false, #disabledReason = :reason, #disabledAt = :at, #updatedAt = :at',
        values: { false: false, reason, at },
      },
      { expression: '#isEnabled = :true', values: { true: true } },
    ),
});
