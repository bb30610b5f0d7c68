import { expect } from 'vitest';
import { listAgents } from '../../shared/contract/desk/agents.ts';
import { deskOfWalk } from '../integration/desk/walked-desk.ts';
import { plain } from '../integration/matrix/request-cases.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(listAgents, {
  matrix: plain(200),
  goodRequest: ({ agent }) => ({ by: agent }),
  problems: {},
  ...readsOnly,
  walk: async (scene) => {
    const { agent } = await deskOfWalk(scene);
    const { items } = await scene.answer(200, 'GET', '/api/v1/agents', agent);
    expect(items.map(({ id }: { id: string }) => id)).toContain(agent.userId);
  },
});
