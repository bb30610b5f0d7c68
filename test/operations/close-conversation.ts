import { closeConversation } from '../../shared/contract/desk/status.ts';
import { deskOfWalk } from '../integration/desk/walked-desk.ts';
import { onSupport } from '../integration/matrix/support-slots.ts';
import { byOtherAgent, inSupport, onDirect, whileBusy } from '../integration/problems/desk-provocations.ts';
import { inSupportOf } from '../integration/replay/replay-stage.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(closeConversation, {
  matrix: onSupport(() => ({}), { status: 200 }),
  goodRequest: inSupport,
  problems: {
    'conversation-not-found': byOtherAgent,
    'not-a-support-conversation': onDirect,
    'conversation-busy': whileBusy('active'),
  },
  crash: { sweptBy: 'resolveConversation', because: 'Both change the status of a conversation in the same way.' },
  replay: inSupportOf('POST', '/close'),
  walk: async (scene) => {
    const { agent, start } = await deskOfWalk(scene);
    await scene.answer(200, 'POST', `/api/v1/conversations/${await start()}/close`, agent);
  },
});
