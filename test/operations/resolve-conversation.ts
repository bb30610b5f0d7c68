import { resolveConversation } from '../../shared/contract/desk/status.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { closeAfterwards, crashedSupport } from '../integration/crashes/desk-world.ts';
import { expectStatus } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { deskOfWalk } from '../integration/desk/walked-desk.ts';
import { onSupport } from '../integration/matrix/support-slots.ts';
import { byOtherAgent, inSupport, onDirect, whenIn, whileBusy } from '../integration/problems/desk-provocations.ts';
import { inSupportOf } from '../integration/replay/replay-stage.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(resolveConversation, {
  matrix: onSupport(() => ({}), { status: 200 }),
  goodRequest: inSupport,
  problems: {
    'conversation-not-found': byOtherAgent,
    'not-a-support-conversation': onDirect,
    'illegal-transition': whenIn('waiting'),
    'conversation-busy': whileBusy('active'),
  },
  crash: {
    sweeps: {
      'resolve a conversation': (world: CrashWorld): CrashScript<string> => ({
        prepare: () => crashedSupport(world, 'active'),
        attempt: async (id) => {
          const path = `/api/v1/conversations/${id}/resolve`;
          const answer = await expectStatus(200, () => ask(world, world.desk.agent, 'POST', path));
          if (answer.body.status !== 'resolved') throw new Error(answer.text);
        },
        check: (id) => closeAfterwards(world, id, ['opened', 'assigned', 'resolved']),
      }),
    },
  },
  replay: inSupportOf('POST', '/resolve'),
  walk: async (scene) => {
    const { agent, start } = await deskOfWalk(scene);
    await scene.answer(200, 'POST', `/api/v1/conversations/${await start()}/resolve`, agent);
  },
});
