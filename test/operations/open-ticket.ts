import { ulid } from 'ulid';
import { expect } from 'vitest';
import { openTicket } from '../../shared/contract/integrations/tickets.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { crashedSupport } from '../integration/crashes/desk-world.ts';
import { eventually, expectStatus } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { deskOfWalk } from '../integration/desk/walked-desk.ts';
import { integrationsPath, newIntegration, systems } from '../integration/integrations/integration-calls.ts';
import { integrationsSlot } from '../integration/matrix/integration-slots.ts';
import { malformed } from '../integration/matrix/request-cases.ts';
import { inOwnSupport, onSupport, withinOwnSupport } from '../integration/matrix/support-slots.ts';
import {
  byOtherAgent,
  createdForIt,
  inSupport,
  newSupport,
  onDirect,
} from '../integration/problems/desk-provocations.ts';
import { perform } from '../integration/replay/replay-stage.ts';
import { defineCard } from './kit/define-card.ts';

const inOwn = onSupport(({ home }) => ({ body: { integrationId: home?.integration ?? ulid() } }), { status: 202 });

const exists = { status: 409, code: 'TICKET_EXISTS', alike: 'exists' };
const externalIds = [
  ['SUP-99999', exists],
  ['a'.repeat(100), exists],
  ['../SUP-1', malformed],
  ['T#1#U#2', malformed],
] as const;

export const card = defineCard(openTicket, {
  matrix: {
    ...inOwn,
    slots: {
      ...inOwn.slots,
      'body.integrationId': withinOwnSupport(
        (request) => integrationsSlot('body.integrationId', request),
        (integrationId) => ({ integrationId }),
      ),
      // The conversation has another ticket. Ids of the other system are in no tenant.
      'body.externalId': (caller) =>
        externalIds.flatMap(([externalId, expected]) =>
          inOwnSupport(caller, { body: { integrationId: caller.home?.integration ?? '', externalId } }, expected).map(
            (each) => ({ ...each, name: `body.externalId is ${externalId}` }),
          ),
        ),
    },
  },
  goodRequest: (stage) => ({ ...inSupport(stage), body: { integrationId: stage.integration } }),
  problems: {
    'conversation-not-found': byOtherAgent,
    'not-a-support-conversation': onDirect,
    'integration-not-found': {
      provoke: (_, { send }) => send({ body: { integrationId: ulid() } }),
      pointers: ['/body/integrationId'],
    },
    'ticket-exists': {
      provoke: ({ integration }, { send }) => send({ body: { integrationId: integration, externalId: 'SUP-999' } }),
    },
    'ticket-not-found': {
      provoke: async (stage, { send }) => {
        const conversationId = await newSupport(stage);
        const body = { integrationId: stage.integration, externalId: 'SUP-999999' };
        return send({ params: { conversationId }, body });
      },
      pointers: ['/body/externalId'],
      changes: createdForIt,
    },
    'ticket-in-use': {
      provoke: async (stage, { send }) => {
        const { test, admin, support, integration } = stage;
        await test.run.settled();
        const linked = await ask({ test } as CrashWorld, admin, 'GET', `/api/v1/conversations/${support}`);
        const externalId = linked.body.ticket?.externalKey as string;
        const conversationId = await newSupport(stage);
        return send({ params: { conversationId }, body: { integrationId: integration, externalId } });
      },
      changes: createdForIt,
    },
    'system-unavailable': {
      provoke: async (stage, { send }) => {
        const conversationId = await newSupport(stage);
        const auth = { ...systems.jira.auth, password: 'wrong' };
        const body = { name: 'Wrong', system: { ...systems.jira, auth } };
        const created = await ask({ test: stage.test } as CrashWorld, stage.admin, 'POST', integrationsPath, body);
        const integrationId = created.body.integration.id as string;
        const answer = await send({ params: { conversationId }, body: { integrationId, externalId: 'SUP-1' } });
        await ask({ test: stage.test } as CrashWorld, stage.admin, 'DELETE', `${integrationsPath}/${integrationId}`);
        return answer;
      },
      changes: createdForIt,
    },
  },
  crash: {
    sweeps: {
      'open a ticket': (
        world: CrashWorld,
      ): CrashScript<{ readonly conversation: string; readonly integrationId: string }> => ({
        prepare: async () => {
          const { id: integrationId } = await newIntegration(world.test, world.admin);
          return { integrationId, conversation: await crashedSupport(world, 'waiting') };
        },
        attempt: async ({ conversation, integrationId }) => {
          const path = `/api/v1/conversations/${conversation}/ticket`;
          await expectStatus(202, () => ask(world, world.desk.agent, 'POST', path, { integrationId }));
        },
        check: async ({ conversation, integrationId }) => {
          const label = `sb-${conversation.toLowerCase()}`;
          const created = () => world.test.run.vendors.jira.issues.filter(({ labels }) => labels.includes(label));
          await eventually('the ticket exists', async () => created().length > 0);
          await world.test.run.settled();
          expect(created()).toHaveLength(1);
          await ask(world, world.admin, 'POST', `/api/v1/conversations/${conversation}/close`);
          await ask(world, world.admin, 'DELETE', `${integrationsPath}/${integrationId}`);
          await world.test.run.settled();
        },
      }),
    },
  },
  replay: async (stage) => {
    const { test, agent, support, integrationId } = stage;
    await perform(stage, agent, 'POST', `/conversations/${support}/ticket`, { integrationId });
    await test.run.settled();
  },
  walk: async (scene) => {
    const { test, admin } = scene.walker;
    const { agent, start } = await deskOfWalk(scene);
    const { id: integrationId } = await newIntegration(test, admin);
    const path = `/api/v1/conversations/${await start()}`;
    await scene.answer(202, 'POST', `${path}/ticket`, agent, { integrationId });
    await scene.eventually('the ticket is shown', async () => {
      const { ticket } = await scene.answer(200, 'GET', path, agent);
      return (ticket as { readonly state?: string } | undefined)?.state === 'linked';
    });
    await scene.answer(200, 'POST', `${path}/close`, agent);
    await scene.answer(204, 'DELETE', `${integrationsPath}/${integrationId}`, admin);
  },
});
