import { expect } from 'vitest';
import { getWebhookDelivery } from '../../shared/contract/webhooks/deliveries.ts';
import { walkedDelivery } from '../integration/webhooks/walked-webhook.ts';
import { unknownDelivery, unknownWebhookOfDelivery } from '../integration/webhooks/webhook-provocations.ts';
import { onDelivery } from '../integration/webhooks/webhook-slots.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(getWebhookDelivery, {
  matrix: onDelivery({ status: 200 }),
  goodRequest: ({ admin, webhook, webhookDelivery }) => ({
    by: admin,
    params: { webhookId: webhook, deliveryId: webhookDelivery },
  }),
  problems: { 'webhook-not-found': unknownWebhookOfDelivery, 'webhook-delivery-not-found': unknownDelivery },
  ...readsOnly,
  walk: async (scene) => {
    const { webhook, delivery } = await walkedDelivery(scene);
    const path = `/api/v1/admin/webhooks/${webhook}/deliveries/${delivery}`;
    expect(await scene.answer(200, 'GET', path, scene.walker.admin)).toMatchObject({ status: 'delivered' });
  },
});
