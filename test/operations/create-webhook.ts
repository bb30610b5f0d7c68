import { ulid } from 'ulid';
import { expect } from 'vitest';
import { createWebhook } from '../../shared/contract/webhooks/webhooks.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { succeed } from '../integration/desk/desk-calls.ts';
import { receiverAt } from '../integration/webhooks/webhook-calls.ts';
import { defineCard } from './kit/define-card.ts';

const path = '/api/v1/admin/webhooks';
const unique = () => ({ url: `https://${receiverAt('created')}/${ulid()}`, types: ['sla.changed'], enabled: false });

export const card = defineCard(createWebhook, {
  matrix: { own: () => [{ name: 'own', request: { body: unique() }, status: 201 }], slots: {} },
  goodRequest: ({ admin }) => ({ by: admin, body: unique() }),
  problems: {
    'webhook-url-refused': {
      provoke: (_, { send }) => send({ body: { ...unique(), url: 'https://10.0.0.1/' } }),
      pointers: ['/body/url'],
    },
    'webhook-limit-reached': {
      provoke: async ({ test, admin }, { send }) => {
        const { items } = await succeed(test, admin, 'GET', '/admin/webhooks');
        const added: string[] = [];
        for (let count = items.length as number; count < 20; count += 1) {
          added.push((await succeed(test, admin, 'POST', '/admin/webhooks', unique())).id as string);
        }
        const answer = await send();
        for (const id of added) await succeed(test, admin, 'DELETE', `/admin/webhooks/${id}`);
        return answer;
      },
      changes: 'webhooks are created until the limit, and deleted',
    },
  },
  crash: {
    sweeps: {
      'create a webhook': (world: CrashWorld): CrashScript<{ readonly url: string }> => ({
        prepare: async () => unique(),
        attempt: async (body) => {
          const answer = await persist(() => ask(world, world.admin, 'POST', path, body));
          expect(answer.status, answer.text).toBe(201);
          expect(answer.body.secret).toMatch(/^whsec_/);
        },
        check: async ({ url }) => {
          const { body } = await ask(world, world.admin, 'GET', path);
          const found = body.items.filter((item: { readonly url: string }) => item.url === url);
          // A repetition creates another one, because the answer with the secret was lost.
          expect(found.length).toBeGreaterThan(0);
          for (const { id } of found) await succeed(world.test, world.admin, 'DELETE', `/admin/webhooks/${id}`);
        },
      }),
    },
  },
  replay: { announcesNothing: 'A webhook is in no timeline.' },
  walk: async (scene) => {
    const { admin } = scene.walker;
    const { id } = await scene.answer(201, 'POST', path, admin, unique());
    await scene.answer(204, 'DELETE', `${path}/${id}`, admin);
  },
});
