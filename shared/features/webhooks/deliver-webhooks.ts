import type { WebhookEvent, WebhookEventType } from '../../contract/events/webhook-events.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { derivedId } from '../../core/runtime/ids.ts';
import { now } from '../../core/runtime/clock.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { ConsumedEvent } from '../../transport/consumer.ts';
import { addDelivery, type NewDelivery, recordDelivery } from '../lanes/lane-store.ts';
import { readConversation } from '../log/conversation-store.ts';
import { positionOf } from './order-rules.ts';
import { type ConversationKind, keptWhileDisabledMs, type WebhookItem } from './webhook-item.ts';
import { readWebhooks, webhookDestination } from './webhook-store.ts';

type Consumed = ConsumedEvent<WebhookEvent>;

/** Stores one delivery for each webhook that subscribes to the event. A repetition stores none. */
export async function deliverWebhooks(consumed: Consumed): Promise<void> {
  const { scope } = consumed;
  const webhooks = await readWebhooks(scope, { consistent: false });
  const interested = webhooks.filter((webhook) => receives(webhook, consumed.type, now()));
  if (interested.length === 0) return;
  const kind = await conversationKindOf(consumed, interested);
  const keys = await tenantKeys(scope);
  await settleAll(
    interested
      .filter(({ conversationKinds }) => kind === undefined || conversationKinds.includes(kind))
      .map(({ webhookId, isEnabled }) => {
        const delivery = deliveryOf(consumed, webhookId);
        return isEnabled ? addDelivery(scope, keys, delivery) : recordDelivery(scope, keys, delivery, 'disabled');
      }),
  );
}

/** The service stores events for a while after it disabled a webhook, so that an admin can replay them. */
function receives({ types, isEnabled, disabledAt }: WebhookItem, type: WebhookEventType, at: number): boolean {
  if (!types.includes(type)) return false;
  return isEnabled || (disabledAt !== undefined && at < disabledAt + keptWhileDisabledMs);
}

/** @returns undefined if it does not matter. */
async function conversationKindOf(
  { scope, data }: Consumed,
  webhooks: readonly WebhookItem[],
): Promise<ConversationKind | undefined> {
  if (!('conversationId' in data) || webhooks.every(({ conversationKinds }) => conversationKinds.length === allKinds)) {
    return undefined;
  }
  if ('kind' in data) return data.kind;
  if ('conversationKind' in data && data.conversationKind !== undefined) return data.conversationKind;
  return (await readConversation(scope, data.conversationId))?.kind;
}

const allKinds = 3;

function deliveryOf({ scope, id, type, at, data }: Consumed, webhookId: string): NewDelivery {
  const lane = 'conversationId' in data ? data.conversationId : data.userId;
  const seq = 'seq' in data ? data.seq : 0;
  return {
    destination: webhookDestination(webhookId),
    deliveryId: derivedId(Date.parse(at), `${webhookId}/${id}`),
    lane,
    position: positionOf({ eventId: id, at, seq }),
    type,
    body: JSON.stringify({ id, type, at, tenantId: scope.tenantId, data }),
  };
}
