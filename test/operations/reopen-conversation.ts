import { reopenConversation } from '../../shared/contract/desk/status.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { closeAfterwards, crashedSupport } from '../integration/crashes/desk-world.ts';
import { expectStatus } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { succeed } from '../integration/desk/desk-calls.ts';
import { deskOfWalk } from '../integration/desk/walked-desk.ts';
import { onSupport } from '../integration/matrix/support-slots.ts';
import {
  byOtherAgent,
  createdForIt,
  inSupport,
  newSupport,
  onDirect,
  whileBusy,
} from '../integration/problems/desk-provocations.ts';
import { inSupportOf } from '../integration/replay/replay-stage.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(reopenConversation, {
  matrix: onSupport(() => ({}), { status: 200 }),
  goodRequest: inSupport,
  problems: {
    'conversation-not-found': byOtherAgent,
    'not-a-support-conversation': onDirect,
    'illegal-transition': {
      provoke: async (stage, { send }) => {
        const conversationId = await newSupport(stage);
        await succeed(stage.test, stage.alice, 'POST', `/conversations/${conversationId}/wipe`);
        return send({ params: { conversationId } });
      },
      changes: createdForIt,
    },
    'conversation-busy': whileBusy('closed'),
  },
  crash: {
    sweeps: {
      'reopen a conversation': (world: CrashWorld): CrashScript<string> => ({
        prepare: () => crashedSupport(world, 'resolved'),
        attempt: async (id) => {
          const path = `/api/v1/conversations/${id}/reopen`;
          await expectStatus(200, () => ask(world, world.desk.agent, 'POST', path));
        },
        check: (id) => closeAfterwards(world, id, ['opened', 'assigned', 'resolved', 'reopened', 'assigned']),
      }),
    },
  },
  replay: inSupportOf('POST', '/reopen'),
  walk: async (scene) => {
    const { agent, start } = await deskOfWalk(scene);
    const path = `/api/v1/conversations/${await start()}`;
    await scene.answer(200, 'POST', `${path}/resolve`, agent);
    const reopened = await scene.answer(200, 'POST', `${path}/reopen`, agent);
    if (reopened.assigneeId !== agent.userId) throw new Error('The former agent did not get the conversation');
    await scene.answer(200, 'POST', `${path}/close`, agent);
  },
});
