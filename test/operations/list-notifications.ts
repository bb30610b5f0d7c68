import { expect } from 'vitest';
import { listNotifications } from '../../shared/contract/notifications/list-notifications.ts';
import { cursorCases } from '../integration/matrix/cursor-cases.ts';
import { mention, storeNotification } from '../integration/notifications/mentioning.ts';
import { expiredCursor } from '../integration/problems/expired-cursor.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(listNotifications, {
  matrix: {
    own: () => [
      { name: 'plain', request: {}, status: 200 },
      { name: 'a page', request: { query: { limit: '1' } }, status: 200 },
      { name: 'filtered', request: { query: { unread: 'true', kind: 'mention' } }, status: 200 },
    ],
    slots: { 'query.cursor': cursorCases },
  },
  goodRequest: ({ alice }) => ({ by: alice }),
  problems: {
    'invalid-cursor': {
      provoke: async (stage, operation) => {
        const { tables, prefix, alice, conversation } = stage;
        for (const cause of ['first', 'second']) {
          await storeNotification(tables, prefix, alice.userId, conversation, { cause });
        }
        return expiredCursor(() => `notifications/${alice.userId}`).provoke(stage, operation);
      },
      changes: 'a second page needs notifications',
    },
  },
  ...readsOnly,
  walk: async (scene) => {
    const { from, to, id } = await scene.audience();
    const mentioned = await mention(scene.walker.test, from, to, id);
    await scene.eventually('the list has the notification', async () => {
      const list = await scene.answer(200, 'GET', '/api/v1/notifications', to);
      return list.items.some((item: { readonly id: string }) => item.id === mentioned.id);
    });
    const read = await scene.answer(200, 'GET', '/api/v1/notifications?unread=true&kind=queue', to);
    expect(read.items).toEqual([]);
  },
});
