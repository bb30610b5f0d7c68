import { ulid } from 'ulid';
import { expect } from 'vitest';
import { updateWebhook } from '../../shared/contract/webhooks/webhooks.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { expectStatus } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { succeed } from '../integration/desk/desk-calls.ts';
import { walkedWebhook } from '../integration/webhooks/walked-webhook.ts';
import { newWebhook, quietTypes } from '../integration/webhooks/webhook-calls.ts';
import { unknownWebhook } from '../integration/webhooks/webhook-provocations.ts';
import { onWebhook } from '../integration/webhooks/webhook-slots.ts';
import { defineCard } from './kit/define-card.ts';

const path = '/api/v1/admin/webhooks';
const unique = () => ({ description: `Reporting ${ulid()}`, enabled: true });

export const card = defineCard(updateWebhook, {
  matrix: onWebhook({ status: 200 }, { body: { description: 'Renamed' } }),
  goodRequest: ({ admin, webhook }) => ({ by: admin, params: { webhookId: webhook }, body: unique() }),
  problems: {
    'webhook-not-found': unknownWebhook,
    'webhook-url-refused': {
      provoke: (_, { send }) => send({ body: { url: 'https://user:password@example.org/' } }),
      pointers: ['/body/url'],
    },
  },
  crash: {
    sweeps: {
      'change a webhook': (
        world: CrashWorld,
      ): CrashScript<{ readonly id: string; readonly change: ReturnType<typeof unique> }> => ({
        prepare: async () => {
          const { id } = await newWebhook(world.test, world.admin, 'changed', quietTypes);
          return { id, change: unique() };
        },
        attempt: async ({ id, change }) => {
          const answer = await expectStatus(200, () => ask(world, world.admin, 'PATCH', `${path}/${id}`, change));
          expect(answer.body).toMatchObject(change);
        },
        check: async ({ id, change }) => {
          expect((await ask(world, world.admin, 'GET', `${path}/${id}`)).body).toMatchObject(change);
          await succeed(world.test, world.admin, 'DELETE', `/admin/webhooks/${id}`);
        },
      }),
    },
  },
  replay: { announcesNothing: 'A webhook is in no timeline.' },
  walk: async (scene) => {
    const id = await walkedWebhook(scene);
    await scene.answer(200, 'PATCH', `${path}/${id}`, scene.walker.admin, unique());
  },
});
