import { expect } from 'vitest';
import { getCounts } from '../../shared/contract/desk/counts.ts';
import { deskOfWalk } from '../integration/desk/walked-desk.ts';
import { teamsSlot } from '../integration/matrix/support-slots.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(getCounts, {
  matrix: {
    own: ({ home }) => [
      { name: 'plain', request: {}, status: 200 },
      ...(home === undefined ? [] : [{ name: 'of a team', request: { query: { teamId: home.team } }, status: 200 }]),
    ],
    slots: {
      'query.teamId': teamsSlot('query.teamId', (_, teamId) => ({ query: { teamId } }), { status: 200, alike: 'none' }),
    },
  },
  goodRequest: ({ agent }) => ({ by: agent }),
  problems: {},
  ...readsOnly,
  walk: async (scene) => {
    const { agent, team, start } = await deskOfWalk(scene);
    const id = await start();
    const counts = await scene.answer(200, 'GET', `/api/v1/conversations/counts?teamId=${team}`, agent);
    expect(counts).toMatchObject({ mine: 1, all: 1, byStatus: { active: 1 } });
    await scene.answer(200, 'POST', `/api/v1/conversations/${id}/close`, agent);
  },
});
