import { expect } from 'vitest';
import { listWebhooks } from '../../shared/contract/webhooks/webhooks.ts';
import { plain } from '../integration/matrix/request-cases.ts';
import { walkedWebhook } from '../integration/webhooks/walked-webhook.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(listWebhooks, {
  matrix: plain(200),
  goodRequest: ({ admin }) => ({ by: admin }),
  problems: {},
  ...readsOnly,
  walk: async (scene) => {
    const id = await walkedWebhook(scene);
    const { items } = await scene.answer(200, 'GET', '/api/v1/admin/webhooks', scene.walker.admin);
    expect(items.map((item: { readonly id: string }) => item.id)).toContain(id);
  },
});
