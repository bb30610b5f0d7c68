import { expect } from 'vitest';
import { getNotificationCount } from '../../shared/contract/notifications/get-notification-count.ts';
import { plain } from '../integration/matrix/request-cases.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(getNotificationCount, {
  matrix: plain(200),
  goodRequest: ({ alice }) => ({ by: alice }),
  problems: {},
  ...readsOnly,
  walk: async (scene) => {
    const { from } = await scene.audience();
    const count = await scene.answer(200, 'GET', '/api/v1/notifications/unread-count', from);
    expect(count).toEqual({ unreadCount: 0, revision: 0 });
  },
});
