import { expect } from 'vitest';
import { listWebhookDeliveries } from '../../shared/contract/webhooks/deliveries.ts';
import { cursorCases } from '../integration/matrix/cursor-cases.ts';
import type { Caller } from '../integration/matrix/caller.ts';
import { expiredCursor } from '../integration/problems/expired-cursor.ts';
import { walkedDelivery } from '../integration/webhooks/walked-webhook.ts';
import { unknownWebhook } from '../integration/webhooks/webhook-provocations.ts';
import { onWebhook } from '../integration/webhooks/webhook-slots.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

const cursors = (caller: Caller) =>
  caller.home === undefined
    ? []
    : cursorCases(caller).map((each) => ({
        ...each,
        request: { ...each.request, params: { webhookId: caller.home?.webhook ?? '' } },
      }));

export const card = defineCard(listWebhookDeliveries, {
  matrix: onWebhook({ status: 200 }, {}, undefined, { 'query.cursor': cursors }),
  goodRequest: ({ admin, webhook }) => ({ by: admin, params: { webhookId: webhook } }),
  problems: {
    'webhook-not-found': unknownWebhook,
    'invalid-cursor': expiredCursor(({ webhook }) => `deliveries/${webhook}`),
  },
  ...readsOnly,
  walk: async (scene) => {
    const { webhook, delivery } = await walkedDelivery(scene);
    const path = `/api/v1/admin/webhooks/${webhook}/deliveries?status=delivered`;
    const { items } = await scene.answer(200, 'GET', path, scene.walker.admin);
    expect(items.map(({ id }: { readonly id: string }) => id)).toContain(delivery);
  },
});
