import { ulid } from 'ulid';
import { expect } from 'vitest';
import { transferConversation } from '../../shared/contract/desk/assignment.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { closeAfterwards, crashedSupport } from '../integration/crashes/desk-world.ts';
import { expectStatus } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { succeed } from '../integration/desk/desk-calls.ts';
import { deskOfWalk } from '../integration/desk/walked-desk.ts';
import { absent } from '../integration/matrix/request-cases.ts';
import { agentsSlot, onSupport, teamsSlot, withinOwnSupport } from '../integration/matrix/support-slots.ts';
import {
  byOtherAgent,
  inSupport,
  newSupport,
  onDirect,
  whenIn,
  whileBusy,
} from '../integration/problems/desk-provocations.ts';
import { textLength } from '../integration/problems/stage.ts';
import { inSupportOf } from '../integration/replay/replay-stage.ts';
import { defineCard } from './kit/define-card.ts';

const matrix = onSupport(({ home }) => ({ body: { agentId: home?.agent.userId ?? ulid() } }), { status: 200 });

export const card = defineCard(transferConversation, {
  matrix: {
    ...matrix,
    slots: {
      ...matrix.slots,
      'body.agentId': withinOwnSupport(
        (request) => agentsSlot('body.agentId', absent(404, 'AGENT_NOT_FOUND'), request),
        (agentId) => ({ agentId }),
      ),
      'body.teamId': withinOwnSupport(
        (request) => teamsSlot('body.teamId', request),
        (teamId) => ({ teamId }),
      ),
    },
  },
  goodRequest: (stage) => ({ ...inSupport(stage), body: { agentId: stage.agent.userId } }),
  problems: {
    'conversation-not-found': byOtherAgent,
    'not-a-support-conversation': onDirect,
    'illegal-transition': whenIn('resolved', ({ colleague }) => ({ agentId: colleague.userId })),
    'conversation-busy': whileBusy('active', ({ colleague }) => ({ agentId: colleague.userId })),
    'agent-not-found': {
      provoke: (_, { send }) => send({ body: { agentId: ulid() } }),
      pointers: ['/body/agentId'],
    },
    'agent-unavailable': {
      provoke: async (stage, { send }) => {
        const agentId = stage.colleague.userId;
        const path = `/agents/${agentId}`;
        await succeed(stage.test, stage.admin, 'PATCH', path, { availability: 'busy' });
        const answer = await send({ body: { agentId } });
        await succeed(stage.test, stage.admin, 'PATCH', path, { availability: 'online' });
        return answer;
      },
      changes: 'an agent is busy meanwhile',
    },
    'message-too-long': {
      provoke: ({ agent }, { send }) => send({ body: { agentId: agent.userId, note: 'x'.repeat(textLength + 1) } }),
      pointers: ['/body/note'],
    },
    'team-not-found': {
      provoke: (_, { send }) => send({ body: { teamId: ulid() } }),
      pointers: ['/body/teamId'],
    },
    'clock-skew': {
      provoke: ({ agent }, { send }) =>
        send({ body: { agentId: agent.userId, clientMessageId: ulid(Date.now() + 10 * 60_000) } }),
    },
    'idempotency-conflict': {
      provoke: async (stage, { send }) => {
        const params = { conversationId: await newSupport(stage, 'active') };
        const clientMessageId = ulid();
        await send({ params, body: { teamId: stage.team, clientMessageId } });
        return send({ params, body: { agentId: stage.agent.userId, clientMessageId } });
      },
      changes: 'the first request transfers a further conversation',
    },
  },
  crash: {
    sweeps: {
      'transfer a conversation to an agent': (world: CrashWorld): CrashScript<string> => ({
        prepare: () => crashedSupport(world, 'active'),
        attempt: async (id) => {
          const path = `/api/v1/conversations/${id}/transfer`;
          const body = { agentId: world.desk.colleague.userId };
          const answer = await expectStatus(200, () => ask(world, world.desk.agent, 'POST', path, body));
          expect(answer.body.assigneeId).toBe(world.desk.colleague.userId);
        },
        check: (id) => closeAfterwards(world, id, ['opened', 'assigned', 'transferred']),
      }),
    },
  },
  replay: inSupportOf('POST', '/transfer', ({ agent }) => ({ agentId: agent.userId })),
  walk: async (scene) => {
    const { agent, team, start } = await deskOfWalk(scene);
    const path = `/api/v1/conversations/${await start()}`;
    await scene.answer(200, 'POST', `${path}/transfer`, agent, { teamId: team, note: 'Please help.' });
    await scene.answer(200, 'POST', `${path}/close`, agent);
  },
});
