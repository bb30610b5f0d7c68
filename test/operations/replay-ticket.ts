import { ulid } from 'ulid';
import { expect } from 'vitest';
import { replayTicket } from '../../shared/contract/integrations/tickets.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { crashedSupport } from '../integration/crashes/desk-world.ts';
import { expectStatus } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { deskOfWalk } from '../integration/desk/walked-desk.ts';
import { integrationsPath, newIntegration, openTicketOf } from '../integration/integrations/integration-calls.ts';
import { onIntegration } from '../integration/matrix/integration-slots.ts';
import { wrongIds } from '../integration/matrix/id-values.ts';
import { absent, casesOf } from '../integration/matrix/request-cases.ts';
import { defineCard } from './kit/define-card.ts';

const own = onIntegration(({ home }) => ({ params: { conversationId: home?.support ?? ulid() } }), { status: 202 });

export const card = defineCard(replayTicket, {
  matrix: {
    ...own,
    slots: {
      ...own.slots,
      'path.conversationId': ({ home, foreign }) =>
        home === undefined
          ? []
          : casesOf(
              'path.conversationId',
              wrongIds({ own: home.support, foreign: foreign.support, foreignTenantId: foreign.tenantId }),
              absent(404, 'TICKET_NOT_FOUND'),
              (conversationId) => ({ params: { integrationId: home.integration, conversationId } }),
            ),
    },
  },
  goodRequest: ({ admin, integration, support }) => ({
    by: admin,
    params: { integrationId: integration, conversationId: support },
  }),
  problems: {
    'integration-not-found': {
      provoke: ({ support }, { send }) => send({ params: { integrationId: ulid(), conversationId: support } }),
    },
    'ticket-not-found': {
      provoke: ({ integration, waiting }, { send }) =>
        send({ params: { integrationId: integration, conversationId: waiting } }),
    },
  },
  crash: {
    sweeps: {
      'resume a ticket': (
        world: CrashWorld,
      ): CrashScript<{ readonly conversation: string; readonly integrationId: string }> => ({
        prepare: async () => {
          const { id: integrationId } = await newIntegration(world.test, world.admin);
          const conversation = await crashedSupport(world, 'waiting');
          await openTicketOf(world.test, world.desk.agent, conversation, integrationId);
          await world.test.run.settled();
          return { integrationId, conversation };
        },
        attempt: async ({ conversation, integrationId }) => {
          const path = `${integrationsPath}/${integrationId}/tickets/${conversation}/replay`;
          await expectStatus(202, () => ask(world, world.admin, 'POST', path));
        },
        check: async ({ conversation, integrationId }) => {
          await world.test.run.settled();
          const { body } = await ask(world, world.admin, 'GET', `/api/v1/conversations/${conversation}`);
          expect(body.ticket).toMatchObject({ state: 'linked' });
          await ask(world, world.admin, 'POST', `/api/v1/conversations/${conversation}/close`);
          await ask(world, world.admin, 'DELETE', `${integrationsPath}/${integrationId}`);
          await world.test.run.settled();
        },
      }),
    },
  },
  replay: { announcesNothing: 'Updates that were late are the same as updates in time.' },
  walk: async (scene) => {
    const { test, admin } = scene.walker;
    const { agent, start } = await deskOfWalk(scene);
    const { id } = await newIntegration(test, admin);
    const conversation = await start();
    await openTicketOf(test, agent, conversation, id);
    await scene.answer(202, 'POST', `${integrationsPath}/${id}/tickets/${conversation}/replay`, admin);
    await scene.answer(200, 'POST', `/api/v1/conversations/${conversation}/close`, agent);
    await scene.answer(204, 'DELETE', `${integrationsPath}/${id}`, admin);
  },
});
