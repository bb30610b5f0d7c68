import { ulid } from 'ulid';
import { assignConversation } from '../../shared/contract/desk/assignment.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { closeAfterwards, crashedSupport } from '../integration/crashes/desk-world.ts';
import { expectStatus } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { deskOfWalk } from '../integration/desk/walked-desk.ts';
import { succeed } from '../integration/desk/desk-calls.ts';
import { deadConnection, recordedConnections } from '../integration/iam/walker.ts';
import { absent } from '../integration/matrix/request-cases.ts';
import { agentsSlot, onSupport, withinOwnSupport } from '../integration/matrix/support-slots.ts';
import {
  byOtherAgent,
  createdForIt,
  inSupport,
  newSupport,
  onDirect,
  whenIn,
  whileBusy,
} from '../integration/problems/desk-provocations.ts';
import type { Frame } from '../integration/raw-client.ts';
import { inSupportOf } from '../integration/replay/replay-stage.ts';
import { defineCard } from './kit/define-card.ts';

const toMe = { body: { agentId: 'me' } };
const matrix = onSupport(({ home }) => ({ body: { agentId: home?.agent.userId ?? 'me' } }), { status: 200 });

export const card = defineCard(assignConversation, {
  matrix: {
    ...matrix,
    slots: {
      ...matrix.slots,
      'body.agentId': withinOwnSupport(
        (request) => agentsSlot('body.agentId', absent(404, 'AGENT_NOT_FOUND'), request),
        (agentId) => ({ agentId }),
      ),
    },
  },
  goodRequest: (stage) => ({ ...inSupport(stage), ...toMe }),
  problems: {
    'conversation-not-found': byOtherAgent,
    'not-a-support-conversation': onDirect,
    'illegal-transition': whenIn('resolved'),
    'conversation-busy': whileBusy('waiting'),
    'agent-not-found': {
      provoke: (_, { send }) => send({ body: { agentId: ulid() } }),
      pointers: ['/body/agentId'],
    },
    'agent-unavailable': {
      provoke: async (stage, { send }) => {
        const agentId = stage.colleague.userId;
        const path = `/agents/${agentId}`;
        await succeed(stage.test, stage.admin, 'PATCH', path, { availability: 'busy' });
        const answer = await send({ params: { conversationId: stage.waiting }, body: { agentId } });
        await succeed(stage.test, stage.admin, 'PATCH', path, { availability: 'online' });
        return answer;
      },
      changes: 'an agent is busy meanwhile',
    },
    'already-assigned': {
      provoke: async (stage, { send }) => {
        const conversationId = await newSupport(stage, 'active');
        return send({ by: stage.colleague, params: { conversationId } });
      },
      changes: createdForIt,
    },
    'no-agent-available': {
      provoke: async (stage, { send }) => {
        const conversationId = await newSupport(stage, 'waiting', { skills: ['welding'] });
        return send({ params: { conversationId }, body: { agentId: 'auto' } });
      },
      changes: createdForIt,
    },
    forbidden: { provoke: (_, { send }) => send({ body: { agentId: 'me', force: true } }) },
  },
  crash: {
    sweeps: {
      'take a conversation': (world: CrashWorld): CrashScript<string> => ({
        prepare: () => crashedSupport(world, 'waiting'),
        attempt: async (id) => {
          const path = `/api/v1/conversations/${id}/assign`;
          const answer = await expectStatus(200, () => ask(world, world.desk.agent, 'POST', path, { agentId: 'me' }));
          if (answer.body.assigneeId !== world.desk.agent.userId) throw new Error(answer.text);
        },
        check: (id) => closeAfterwards(world, id, ['opened', 'assigned']),
      }),
    },
  },
  replay: inSupportOf('POST', '/assign', () => ({ agentId: 'me' })),
  walk: async (scene) => {
    const { walker } = scene;
    const { agent, customer, start } = await deskOfWalk(scene);
    const id = await start({ skills: ['welding'] });
    const live = await scene.connect(customer);
    await deadConnection(walker, customer);
    await scene.answer(200, 'POST', `/api/v1/conversations/${id}/assign`, agent, { agentId: 'me' });
    const isAssigned = ({ type, conversationId }: Frame) => type === 'conversation.assigned' && conversationId === id;
    await live.frame(isAssigned, walker.patienceMs);
    await scene.eventually('the dead connection is removed', async () => {
      return (await recordedConnections(walker, customer)) === 1;
    });
    await live.close();
    await scene.answer(200, 'POST', `/api/v1/conversations/${id}/close`, agent);
  },
});
