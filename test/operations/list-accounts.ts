import { listAccounts } from '../../shared/contract/identity/list-accounts.ts';
import { cursorCases } from '../integration/matrix/cursor-cases.ts';
import { expiredCursor } from '../integration/problems/expired-cursor.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(listAccounts, {
  matrix: {
    own: () => [
      { name: 'plain', request: {}, status: 200 },
      { name: 'a page', request: { query: { limit: '1' } }, status: 200 },
      { name: 'of a status', request: { query: { status: 'active' } }, status: 200 },
    ],
    slots: { 'query.cursor': cursorCases },
  },
  goodRequest: ({ admin }) => ({ by: admin }),
  problems: { 'invalid-cursor': expiredCursor(() => 'accounts all') },
  ...readsOnly,
  walk: async (scene) => {
    await scene.answer(200, 'GET', '/api/v1/admin/users?status=pending', scene.walker.admin);
  },
});
