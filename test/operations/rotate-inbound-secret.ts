import { rotateInboundSecret } from '../../shared/contract/integrations/manage-integrations.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { expectStatus } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { integrationsPath, newIntegration } from '../integration/integrations/integration-calls.ts';
import { onIntegration } from '../integration/matrix/integration-slots.ts';
import { onIntegration as ofStage, unknownIntegration } from '../integration/problems/integration-provocations.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(rotateInboundSecret, {
  matrix: onIntegration(() => ({ body: { overlapHours: 0 } }), { status: 200 }),
  goodRequest: (stage) => ({ ...ofStage(stage), body: { overlapHours: 0 } }),
  problems: {
    'integration-not-found': unknownIntegration,
    'secret-rotating': {
      provoke: async ({ test, admin }, { send }) => {
        const { id } = await newIntegration(test, admin);
        const request = { params: { integrationId: id }, body: { overlapHours: 1 } };
        await send(request);
        const answer = await send(request);
        await send({ params: { integrationId: id }, body: { overlapHours: 0 } });
        return answer;
      },
      changes: 'the first of the two rotations is stored',
    },
  },
  crash: {
    sweeps: {
      'rotate the secret of an integration': (world: CrashWorld): CrashScript<{ readonly id: string }> => ({
        prepare: () => newIntegration(world.test, world.admin),
        attempt: async ({ id }) => {
          const path = `${integrationsPath}/${id}/rotate-secret`;
          await expectStatus(200, () => ask(world, world.admin, 'POST', path, { overlapHours: 0 }));
        },
        check: async ({ id }) => {
          await ask(world, world.admin, 'DELETE', `${integrationsPath}/${id}`);
        },
      }),
    },
  },
  replay: { announcesNothing: 'An integration is in no timeline.' },
  walk: async (scene) => {
    const { test, admin } = scene.walker;
    const { id } = await newIntegration(test, admin);
    await scene.answer(200, 'POST', `${integrationsPath}/${id}/rotate-secret`, admin, { overlapHours: 1 });
    await scene.answer(204, 'DELETE', `${integrationsPath}/${id}`, admin);
  },
});
