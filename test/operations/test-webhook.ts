import { expect } from 'vitest';
import { testWebhook } from '../../shared/contract/webhooks/webhooks.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { patiently } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { succeed } from '../integration/desk/desk-calls.ts';
import { counted, untilRejected } from '../integration/problems/limit-provocations.ts';
import { walkedWebhook } from '../integration/webhooks/walked-webhook.ts';
import { newWebhook, quietTypes } from '../integration/webhooks/webhook-calls.ts';
import { unknownWebhook } from '../integration/webhooks/webhook-provocations.ts';
import { onWebhook } from '../integration/webhooks/webhook-slots.ts';
import { defineCard } from './kit/define-card.ts';

const path = '/api/v1/admin/webhooks';

export const card = defineCard(testWebhook, {
  matrix: onWebhook({ status: 200 }),
  goodRequest: ({ admin, webhook }) => ({ by: admin, params: { webhookId: webhook } }),
  problems: {
    'webhook-not-found': unknownWebhook,
    'too-many-tests': { provoke: (stage, { send }) => untilRejected(stage, () => send()), changes: counted },
  },
  crash: {
    sweeps: {
      'test a webhook': (world: CrashWorld): CrashScript<string> => ({
        prepare: async () => (await newWebhook(world.test, world.admin, 'tested', quietTypes)).id,
        attempt: async (id) => {
          const answer = await patiently(world, () => ask(world, world.admin, 'POST', `${path}/${id}/test`));
          expect(answer, answer.text).toMatchObject({ status: 200, body: { delivered: true } });
        },
        check: (id) => succeed(world.test, world.admin, 'DELETE', `/admin/webhooks/${id}`).then(() => undefined),
      }),
    },
  },
  replay: { announcesNothing: 'A webhook is in no timeline.' },
  walk: async (scene) => {
    const id = await walkedWebhook(scene);
    await scene.answer(200, 'POST', `${path}/${id}/test`, scene.walker.admin);
  },
});
