import { expect } from 'vitest';
import { deleteWebhook } from '../../shared/contract/webhooks/webhooks.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { newWebhook, quietTypes } from '../integration/webhooks/webhook-calls.ts';
import { unknownWebhook } from '../integration/webhooks/webhook-provocations.ts';
import { onWebhook } from '../integration/webhooks/webhook-slots.ts';
import { defineCard } from './kit/define-card.ts';

const path = '/api/v1/admin/webhooks';

export const card = defineCard(deleteWebhook, {
  matrix: onWebhook({ status: 204 }, {}, ({ spareWebhook }) => spareWebhook),
  goodRequest: ({ admin, webhook }) => ({ by: admin, params: { webhookId: webhook } }),
  problems: { 'webhook-not-found': unknownWebhook },
  crash: {
    sweeps: {
      'delete a webhook': (world: CrashWorld): CrashScript<string> => ({
        prepare: async () => (await newWebhook(world.test, world.admin, 'deleted', quietTypes)).id,
        attempt: async (id) => {
          const answer = await persist(() => ask(world, world.admin, 'DELETE', `${path}/${id}`));
          // The answer to the deletion may be lost.
          expect([204, 404], answer.text).toContain(answer.status);
        },
        check: async (id) => {
          expect(await ask(world, world.admin, 'GET', `${path}/${id}`)).toMatchObject({ status: 404 });
        },
      }),
    },
  },
  replay: { announcesNothing: 'A webhook is in no timeline.' },
  walk: async (scene) => {
    const { test, admin } = scene.walker;
    const { id } = await newWebhook(test, admin, 'deleted', quietTypes);
    await scene.answer(204, 'DELETE', `${path}/${id}`, admin);
  },
});
