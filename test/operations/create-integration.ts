import { ulid } from 'ulid';
import { expect } from 'vitest';
import { createIntegration } from '../../shared/contract/integrations/manage-integrations.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { integrationsPath, newIntegration, newIntegrationBody } from '../integration/integrations/integration-calls.ts';
import { plain } from '../integration/matrix/request-cases.ts';
import { beyondTheLimit, privateSystem } from '../integration/problems/integration-provocations.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(createIntegration, {
  matrix: plain(201, { body: newIntegrationBody('Another desk') }),
  goodRequest: ({ admin }) => ({ by: admin, body: newIntegrationBody() }),
  problems: {
    'integration-limit-reached': beyondTheLimit,
    'integration-invalid': {
      provoke: (_, { send }) => send({ body: { name: 'Private', system: privateSystem } }),
      pointers: ['/body/system/url'],
    },
  },
  crash: {
    sweeps: {
      'connect a system': (world: CrashWorld): CrashScript<{ readonly name: string }> => ({
        prepare: async () => ({ name: `Desk ${ulid()}` }),
        attempt: async ({ name }) => {
          const answer = await persist(() =>
            ask(world, world.admin, 'POST', integrationsPath, newIntegrationBody(name)),
          );
          expect(answer.status, answer.text).toBe(201);
        },
        check: async ({ name }) => {
          const { body } = await ask(world, world.admin, 'GET', integrationsPath);
          const found = (body.items as { readonly id: string; readonly name: string }[]).filter(
            (each) => each.name === name,
          );
          // The answer to an integration that was stored may be lost.
          expect(found.length).toBeGreaterThan(0);
          for (const { id } of found) {
            const deleted = await ask(world, world.admin, 'DELETE', `${integrationsPath}/${id}`);
            expect(deleted.status, deleted.text).toBe(204);
          }
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
