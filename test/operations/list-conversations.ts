import { expect } from 'vitest';
import { listConversations } from '../../shared/contract/conversations/list-conversations.ts';
import { cursorCases } from '../integration/matrix/cursor-cases.ts';
import { expiredCursor } from '../integration/problems/expired-cursor.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(listConversations, {
  matrix: {
    own: () => [
      { name: 'plain', request: {}, status: 200 },
      { name: 'a page', request: { query: { limit: '1' } }, status: 200 },
    ],
    slots: { 'query.cursor': cursorCases },
  },
  goodRequest: ({ alice }) => ({ by: alice }),
  problems: {
    'invalid-cursor': expiredCursor(({ alice }) => `conversations/${alice.userId}`),
    forbidden: { provoke: (_, { send }) => send({ query: { view: 'all' } }) },
  },
  ...readsOnly,
  walk: async (scene) => {
    const { from, id } = await scene.audience();
    const list = await scene.answer(200, 'GET', '/api/v1/conversations', from);
    expect(list.items).toMatchObject([{ id }]);
  },
});
