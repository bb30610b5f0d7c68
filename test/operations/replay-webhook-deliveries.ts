import { expect } from 'vitest';
import { replayWebhookDeliveries } from '../../shared/contract/webhooks/deliveries.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { succeed } from '../integration/desk/desk-calls.ts';
import { walkedDelivery } from '../integration/webhooks/walked-webhook.ts';
import { usedWebhook } from '../integration/webhooks/webhook-calls.ts';
import { unknownWebhook, whileDisabled, whileReplaying } from '../integration/webhooks/webhook-provocations.ts';
import { onWebhook } from '../integration/webhooks/webhook-slots.ts';
import { defineCard } from './kit/define-card.ts';

/** Before every event. */
const empty = { since: '2020-01-01T00:00:00.000Z', until: '2020-01-02T00:00:00.000Z' };
const all = { since: '2020-01-01T00:00:00.000Z', failedOnly: false };

export const card = defineCard(replayWebhookDeliveries, {
  matrix: onWebhook({ status: 202 }, { body: empty }),
  goodRequest: ({ admin, webhook }) => ({ by: admin, params: { webhookId: webhook }, body: empty }),
  problems: {
    'webhook-not-found': unknownWebhook,
    'webhook-disabled': whileDisabled,
    'webhook-replay-running': { ...whileReplaying, changes: 'a replay is stored and removed' },
  },
  crash: {
    sweeps: {
      'replay deliveries': (world: CrashWorld): CrashScript<string> => ({
        prepare: async () => (await usedWebhook(world.test, world.admin, 'ranged')).webhook,
        attempt: async (id) => {
          const answer = await persist(() =>
            ask(world, world.admin, 'POST', `/api/v1/admin/webhooks/${id}/replays`, all),
          );
          // The answer to the replay may be lost.
          expect([202, 409], answer.text).toContain(answer.status);
          await world.test.run.settled();
        },
        check: async (id) => {
          const { body } = await ask(world, world.admin, 'GET', `/api/v1/admin/webhooks/${id}`);
          expect(body.replay).toMatchObject({ status: 'ended', replayed: 2 });
          await succeed(world.test, world.admin, 'DELETE', `/admin/webhooks/${id}`);
        },
      }),
    },
  },
  replay: { announcesNothing: 'A delivery is in no timeline.' },
  walk: async (scene) => {
    const { webhook } = await walkedDelivery(scene);
    await scene.answer(202, 'POST', `/api/v1/admin/webhooks/${webhook}/replays`, scene.walker.admin, all);
    await scene.eventually('the replay has ended', async () => {
      const path = `/api/v1/admin/webhooks/${webhook}`;
      const { replay } = await scene.answer(200, 'GET', path, scene.walker.admin);
      return replay?.status === 'ended';
    });
  },
});
