import { ulid } from 'ulid';
import { expect } from 'vitest';
import { updateAgent } from '../../shared/contract/desk/agents.ts';
import { keys } from '../../shared/core/table/keys.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { closeAfterwards, crashedSupport, takeAway } from '../integration/crashes/desk-world.ts';
import { expectStatus } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { deskOfWalk } from '../integration/desk/walked-desk.ts';
import { absent } from '../integration/matrix/request-cases.ts';
import { agentsSlot } from '../integration/matrix/support-slots.ts';
import { contendedAgent } from '../integration/problems/desk-provocations.ts';
import { defineCard } from './kit/define-card.ts';

const online = { body: { availability: 'online' } };

export const card = defineCard(updateAgent, {
  matrix: {
    own: () => [{ name: 'own', request: { params: { agentId: 'me' }, ...online }, status: 200 }],
    slots: {
      'path.agentId': (caller) => {
        // Agents change only themselves, whoever exists.
        const denied = { status: 403, code: 'FORBIDDEN', alike: 'others' };
        const notFound = caller.role === 'agent' ? denied : absent(404, 'AGENT_NOT_FOUND');
        return agentsSlot('path.agentId', notFound, (_, agentId) => ({ params: { agentId }, ...online }))(caller);
      },
    },
  },
  goodRequest: ({ agent }) => ({ by: agent, params: { agentId: 'me' }, ...online }),
  problems: {
    'agent-not-found': { provoke: ({ admin }, { send }) => send({ by: admin, params: { agentId: ulid() } }) },
    'team-not-found': {
      provoke: ({ admin, team }, { send }) => send({ by: admin, body: { teams: [team, ulid()] } }),
      pointers: ['/body/teams/1'],
    },
    forbidden: { provoke: (_, { send }) => send({ body: { maxConcurrent: 7 } }) },
    'conversation-busy': {
      provoke: (stage, { send, functionName }) =>
        contendedAgent(stage, keys.agent(stage.agent.userId), functionName, () => send()),
      changes: 'the availability changes meanwhile',
    },
  },
  crash: {
    sweeps: {
      'become available': (world: CrashWorld): CrashScript<string> => ({
        prepare: async () => {
          await takeAway(world);
          return crashedSupport(world, 'unassigned');
        },
        attempt: async (id) => {
          const path = `/api/v1/agents/${world.desk.agent.userId}`;
          await expectStatus(200, () => ask(world, world.admin, 'PATCH', path, { availability: 'online' }));
          await world.test.run.settled();
          const { body } = await ask(world, world.desk.agent, 'GET', `/api/v1/conversations/${id}`);
          expect(body).toMatchObject({ status: 'active', assigneeId: world.desk.agent.userId });
        },
        check: (id) => closeAfterwards(world, id, ['opened', 'assigned']),
      }),
    },
  },
  replay: { announcesNothing: 'It changes no conversation.' },
  walk: async (scene) => {
    const { agent, start } = await deskOfWalk(scene);
    await scene.answer(200, 'PATCH', '/api/v1/agents/me', agent, { availability: 'away', reason: 'Lunch' });
    const id = await start();
    await scene.answer(200, 'PATCH', '/api/v1/agents/me', agent, { availability: 'online' });
    const path = `/api/v1/conversations/${id}`;
    await scene.eventually('the agent has the conversation', async () => {
      return (await scene.answer(200, 'GET', path, agent)).assigneeId === agent.userId;
    });
    await scene.answer(200, 'POST', `${path}/close`, agent);
  },
});
