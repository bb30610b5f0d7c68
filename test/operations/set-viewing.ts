import { setViewing } from '../../shared/contract/receipts/set-viewing.ts';
import { deskOfWalk } from '../integration/desk/walked-desk.ts';
import { onSupport } from '../integration/matrix/support-slots.ts';
import { byOtherAgent, inSupport } from '../integration/problems/desk-provocations.ts';
import { perform } from '../integration/replay/replay-stage.ts';
import { defineCard } from './kit/define-card.ts';

const body = { viewing: true };

export const card = defineCard(setViewing, {
  matrix: onSupport(() => ({ body }), { status: 204 }),
  goodRequest: (stage) => ({ ...inSupport(stage), body }),
  problems: { 'conversation-not-found': byOtherAgent },
  crash: { writesNothing: 'It is sent to connected agents and not stored.' },
  replay: async (stage) => {
    const path = `/conversations/${stage.support}/viewing`;
    for (const viewing of [true, false]) await perform(stage, stage.colleague, 'POST', path, { viewing });
  },
  walk: async (scene) => {
    const { agent, start } = await deskOfWalk(scene);
    const path = `/api/v1/conversations/${await start()}/viewing`;
    for (const viewing of [true, false]) await scene.answer(204, 'POST', path, agent, { viewing });
  },
});
