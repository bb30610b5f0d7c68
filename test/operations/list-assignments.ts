import { expect } from 'vitest';
import { listAssignments } from '../../shared/contract/desk/assignment.ts';
import { deskOfWalk } from '../integration/desk/walked-desk.ts';
import { onSupport } from '../integration/matrix/support-slots.ts';
import { byOtherAgent, inSupport, onDirect } from '../integration/problems/desk-provocations.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(listAssignments, {
  matrix: onSupport(() => ({}), { status: 200 }),
  goodRequest: inSupport,
  problems: { 'conversation-not-found': byOtherAgent, 'not-a-support-conversation': onDirect },
  ...readsOnly,
  walk: async (scene) => {
    const { agent, start } = await deskOfWalk(scene);
    const path = `/api/v1/conversations/${await start()}`;
    const { items } = await scene.answer(200, 'GET', `${path}/assignments`, agent);
    expect(items).toMatchObject([{ assigneeId: agent.userId, rule: expect.any(String) }]);
    await scene.answer(200, 'POST', `${path}/close`, agent);
  },
});
