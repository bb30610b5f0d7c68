import { webhookRoutes } from '../shared/contract/webhooks/routes.ts';
import { createWebhook } from '../shared/features/webhooks/create-webhook.ts';
import { deleteWebhook, getWebhook, listWebhooks } from '../shared/features/webhooks/manage-webhooks.ts';
import { replayWebhookDeliveries, replayWebhookDelivery } from '../shared/features/webhooks/replay-deliveries.ts';
import { rotateWebhookSecret } from '../shared/features/webhooks/rotate-secret.ts';
import { testWebhook } from '../shared/features/webhooks/test-webhook.ts';
import { updateWebhook } from '../shared/features/webhooks/update-webhook.ts';
import { getWebhookDelivery, listWebhookDeliveries } from '../shared/features/webhooks/webhook-deliveries.ts';
import { serve } from '../shared/transport/http.ts';

export const handler = serve(webhookRoutes, {
  listWebhooks,
  createWebhook,
  getWebhook,
  updateWebhook,
  deleteWebhook,
  rotateWebhookSecret,
  testWebhook,
  listWebhookDeliveries,
  getWebhookDelivery,
  replayWebhookDelivery,
  replayWebhookDeliveries,
});
