import { expect } from 'vitest';
import { deleteIntegration } from '../../shared/contract/integrations/manage-integrations.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { integrationsPath, newIntegration } from '../integration/integrations/integration-calls.ts';
import { onIntegration } from '../integration/matrix/integration-slots.ts';
import { unknownIntegration } from '../integration/problems/integration-provocations.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(deleteIntegration, {
  matrix: onIntegration(
    () => ({}),
    { status: 204 },
    ({ home, role }) => (role === 'admin' ? home?.spareIntegration : undefined),
  ),
  goodRequest: ({ admin, spareIntegration }) => ({ by: admin, params: { integrationId: spareIntegration } }),
  problems: { 'integration-not-found': unknownIntegration },
  crash: {
    sweeps: {
      'delete an integration': (world: CrashWorld): CrashScript<{ readonly id: string }> => ({
        prepare: () => newIntegration(world.test, world.admin),
        attempt: async ({ id }) => {
          const path = `${integrationsPath}/${id}`;
          const answer = await persist(() => ask(world, world.admin, 'DELETE', path));
          // The answer to a deletion may be lost.
          expect([204, 404], answer.text).toContain(answer.status);
        },
        check: async ({ id }) => {
          const { status } = await ask(world, world.admin, 'GET', `${integrationsPath}/${id}`);
          expect(status).toBe(404);
        },
      }),
    },
  },
  replay: { announcesNothing: 'An integration is in no timeline.' },
  walk: async (scene) => {
    const { test, admin } = scene.walker;
    const { id } = await newIntegration(test, admin);
    await scene.answer(204, 'DELETE', `${integrationsPath}/${id}`, admin);
  },
});
