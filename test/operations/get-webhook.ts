import { expect } from 'vitest';
import { getWebhook } from '../../shared/contract/webhooks/webhooks.ts';
import { walkedWebhook } from '../integration/webhooks/walked-webhook.ts';
import { unknownWebhook } from '../integration/webhooks/webhook-provocations.ts';
import { onWebhook } from '../integration/webhooks/webhook-slots.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(getWebhook, {
  matrix: onWebhook({ status: 200 }),
  goodRequest: ({ admin, webhook }) => ({ by: admin, params: { webhookId: webhook } }),
  problems: { 'webhook-not-found': unknownWebhook },
  ...readsOnly,
  walk: async (scene) => {
    const id = await walkedWebhook(scene);
    const webhook = await scene.answer(200, 'GET', `/api/v1/admin/webhooks/${id}`, scene.walker.admin);
    expect(webhook).toMatchObject({ id, enabled: true });
  },
});
