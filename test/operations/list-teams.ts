import { expect } from 'vitest';
import { listTeams } from '../../shared/contract/teams/teams.ts';
import { deskOfWalk } from '../integration/desk/walked-desk.ts';
import { plain } from '../integration/matrix/request-cases.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(listTeams, {
  matrix: plain(200),
  goodRequest: ({ agent }) => ({ by: agent }),
  problems: {},
  ...readsOnly,
  walk: async (scene) => {
    const { agent, team } = await deskOfWalk(scene);
    const { items } = await scene.answer(200, 'GET', '/api/v1/teams', agent);
    expect(items.map(({ id }: { id: string }) => id)).toContain(team);
  },
});
