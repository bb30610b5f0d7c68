import { expect } from 'vitest';
import { rotateWebhookSecret } from '../../shared/contract/webhooks/webhooks.ts';
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
const atOnce = { overlapHours: 0 };

export const card = defineCard(rotateWebhookSecret, {
  matrix: onWebhook({ status: 200 }, { body: atOnce }),
  goodRequest: ({ admin, webhook }) => ({ by: admin, params: { webhookId: webhook }, body: atOnce }),
  problems: {
    'webhook-not-found': unknownWebhook,
    'webhook-rotation-open': {
      provoke: async (_, { send }) => {
        await send({ body: { overlapHours: 24 } });
        const answer = await send({ body: { overlapHours: 24 } });
        await send({ body: atOnce });
        return answer;
      },
      changes: 'the secret is rotated before',
    },
  },
  crash: {
    sweeps: {
      'rotate a secret': (world: CrashWorld): CrashScript<{ readonly id: string; readonly secrets: string[] }> => ({
        prepare: async () => {
          const { id, secret } = await newWebhook(world.test, world.admin, 'rotated', quietTypes);
          return { id, secrets: [secret] };
        },
        attempt: async ({ id, secrets }) => {
          const rotate = () => ask(world, world.admin, 'POST', `${path}/${id}/rotate-secret`, atOnce);
          const answer = await expectStatus(200, rotate);
          secrets.push(answer.body.secret as string);
        },
        check: async ({ id, secrets }) => {
          expect(new Set(secrets).size).toBe(2);
          await succeed(world.test, world.admin, 'DELETE', `/admin/webhooks/${id}`);
        },
      }),
    },
  },
  replay: { announcesNothing: 'A webhook is in no timeline.' },
  walk: async (scene) => {
    const id = await walkedWebhook(scene);
    await scene.answer(200, 'POST', `${path}/${id}/rotate-secret`, scene.walker.admin, atOnce);
  },
});
