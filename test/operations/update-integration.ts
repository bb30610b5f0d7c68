import { ulid } from 'ulid';
import { expect } from 'vitest';
import { updateIntegration } from '../../shared/contract/integrations/manage-integrations.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { expectStatus } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { integrationsPath, newIntegration, systems } from '../integration/integrations/integration-calls.ts';
import { onIntegration } from '../integration/matrix/integration-slots.ts';
import { onIntegration as ofStage, unknownIntegration } from '../integration/problems/integration-provocations.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(updateIntegration, {
  matrix: onIntegration(({ home }) => ({ body: { name: `${home?.canary ?? 'staff'} changed` } }), { status: 200 }),
  goodRequest: (stage) => ({ ...ofStage(stage), body: { name: `Desk ${ulid()}` } }),
  problems: {
    'integration-not-found': unknownIntegration,
    'integration-invalid': {
      provoke: (_, { send }) => send({ body: { system: systems['service-now'] } }),
      pointers: ['/body/system/kind'],
    },
  },
  crash: {
    sweeps: {
      'change an integration': (world: CrashWorld): CrashScript<{ readonly id: string; readonly name: string }> => ({
        prepare: async () => ({ ...(await newIntegration(world.test, world.admin)), name: `Desk ${ulid()}` }),
        attempt: async ({ id, name }) => {
          const path = `${integrationsPath}/${id}`;
          const answer = await expectStatus(200, () => ask(world, world.admin, 'PATCH', path, { name }));
          expect(answer.body).toMatchObject({ name });
        },
        check: async ({ id, name }) => {
          const { body } = await ask(world, world.admin, 'GET', `${integrationsPath}/${id}`);
          expect(body).toMatchObject({ name, system: { auth: { type: 'basic', username: 'bot@example.com' } } });
          await ask(world, world.admin, 'DELETE', `${integrationsPath}/${id}`);
        },
      }),
    },
  },
  replay: { announcesNothing: 'An integration is in no timeline.' },
  walk: async (scene) => {
    const { test, admin } = scene.walker;
    const { id } = await newIntegration(test, admin);
    await scene.answer(200, 'PATCH', `${integrationsPath}/${id}`, admin, { enabled: false });
    await scene.answer(204, 'DELETE', `${integrationsPath}/${id}`, admin);
  },
});
