import { listSuppressions } from '../../shared/contract/mail/list-suppressions.ts';
import { storeSuppression } from '../integration/mail/stored-suppression.ts';
import { cursorCases } from '../integration/matrix/cursor-cases.ts';
import { expiredCursor } from '../integration/problems/expired-cursor.ts';
import { tenantPrefix } from '../../shared/core/tenancy/tenant-scope.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(listSuppressions, {
  matrix: {
    own: () => [
      { name: 'plain', request: {}, status: 200 },
      { name: 'a page', request: { query: { limit: '1' } }, status: 200 },
    ],
    slots: { 'query.cursor': cursorCases },
  },
  goodRequest: ({ admin }) => ({ by: admin }),
  problems: { 'invalid-cursor': expiredCursor(() => 'suppressions') },
  ...readsOnly,
  walk: async (scene) => {
    const { tables, admin } = scene.walker;
    const id = await storeSuppression(tables, `${tenantPrefix}${admin.tenantId}#`);
    await scene.eventually('the suppression is listed', async () => {
      const { items } = await scene.answer(200, 'GET', '/api/v1/admin/suppressions?limit=100', admin);
      return items.some((each: { id: string }) => each.id === id);
    });
  },
});
