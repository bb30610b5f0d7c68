import { unassignConversation } from '../../shared/contract/desk/assignment.ts';
import { deskOfWalk } from '../integration/desk/walked-desk.ts';
import { onSupport } from '../integration/matrix/support-slots.ts';
import { inSupport, byOtherAgent, onDirect, whenIn, whileBusy } from '../integration/problems/desk-provocations.ts';
import { inSupportOf } from '../integration/replay/replay-stage.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(unassignConversation, {
  matrix: onSupport(() => ({}), { status: 200 }),
  goodRequest: inSupport,
  problems: {
    'conversation-not-found': byOtherAgent,
    'not-a-support-conversation': onDirect,
    'illegal-transition': whenIn('resolved'),
    'conversation-busy': whileBusy('active'),
  },
  crash: { sweptBy: 'assignConversation', because: 'Both make one change of a conversation and an agent’s load.' },
  replay: inSupportOf('POST', '/unassign'),
  walk: async (scene) => {
    const { agent, start } = await deskOfWalk(scene);
    const path = `/api/v1/conversations/${await start()}`;
    await scene.answer(200, 'POST', `${path}/unassign`, agent);
    await scene.answer(200, 'POST', `${path}/close`, agent);
  },
});
