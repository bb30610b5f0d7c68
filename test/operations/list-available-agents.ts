import { expect } from 'vitest';
import { listAvailableAgents } from '../../shared/contract/desk/agents.ts';
import { deskOfWalk } from '../integration/desk/walked-desk.ts';
import { teamsSlot } from '../integration/matrix/support-slots.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(listAvailableAgents, {
  matrix: {
    own: () => [{ name: 'plain', request: {}, status: 200 }],
    slots: {
      'query.teamId': teamsSlot('query.teamId', (_, teamId) => ({ query: { teamId } }), { status: 200, alike: 'none' }),
    },
  },
  goodRequest: ({ agent }) => ({ by: agent }),
  problems: {},
  ...readsOnly,
  walk: async (scene) => {
    const { agent, team } = await deskOfWalk(scene);
    const { items } = await scene.answer(200, 'GET', `/api/v1/agents/available?teamId=${team}`, agent);
    expect(items).toMatchObject([{ id: agent.userId }]);
  },
});
