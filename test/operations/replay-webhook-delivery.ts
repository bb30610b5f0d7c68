import { expect } from 'vitest';
import { replayWebhookDelivery } from '../../shared/contract/webhooks/deliveries.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { succeed } from '../integration/desk/desk-calls.ts';
import { walkedDelivery } from '../integration/webhooks/walked-webhook.ts';
import { usedWebhook } from '../integration/webhooks/webhook-calls.ts';
import {
  unknownDelivery,
  unknownWebhookOfDelivery,
  whileDisabled,
  whilePending,
} from '../integration/webhooks/webhook-provocations.ts';
import { onDelivery } from '../integration/webhooks/webhook-slots.ts';
import { defineCard } from './kit/define-card.ts';

type Used = Awaited<ReturnType<typeof usedWebhook>>;

export const card = defineCard(replayWebhookDelivery, {
  matrix: onDelivery({ status: 202 }),
  goodRequest: ({ admin, webhook, webhookDelivery }) => ({
    by: admin,
    params: { webhookId: webhook, deliveryId: webhookDelivery },
  }),
  problems: {
    'webhook-not-found': unknownWebhookOfDelivery,
    'webhook-delivery-not-found': unknownDelivery,
    'webhook-delivery-pending': whilePending,
    'webhook-disabled': whileDisabled,
  },
  crash: {
    sweeps: {
      'replay a delivery': (world: CrashWorld): CrashScript<Used> => ({
        prepare: () => usedWebhook(world.test, world.admin, 'replayed'),
        attempt: async ({ webhook, delivery }) => {
          const path = `/api/v1/admin/webhooks/${webhook}/deliveries/${delivery}/replay`;
          const answer = await persist(() => ask(world, world.admin, 'POST', path));
          // The answer to the replay may be lost.
          expect([202, 409], answer.text).toContain(answer.status);
          await world.test.run.settled();
        },
        check: async ({ webhook, delivery }) => {
          const { body } = await ask(
            world,
            world.admin,
            'GET',
            `/api/v1/admin/webhooks/${webhook}/deliveries/${delivery}`,
          );
          expect(body).toMatchObject({ status: 'delivered', replays: expect.any(Number) });
          expect(body.replays).toBeGreaterThan(0);
          await succeed(world.test, world.admin, 'DELETE', `/admin/webhooks/${webhook}`);
        },
      }),
    },
  },
  replay: { announcesNothing: 'A delivery is in no timeline.' },
  walk: async (scene) => {
    const { webhook, delivery } = await walkedDelivery(scene);
    const path = `/api/v1/admin/webhooks/${webhook}/deliveries/${delivery}/replay`;
    await scene.answer(202, 'POST', path, scene.walker.admin);
  },
});
