import { expect } from 'vitest';
import { getNotificationPreferences } from '../../shared/contract/notifications/notification-preferences.ts';
import { plain } from '../integration/matrix/request-cases.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(getNotificationPreferences, {
  matrix: plain(200),
  goodRequest: ({ alice }) => ({ by: alice }),
  problems: {},
  ...readsOnly,
  walk: async (scene) => {
    const { from } = await scene.audience();
    const preferences = await scene.answer(200, 'GET', '/api/v1/notifications/preferences', from);
    expect(preferences).toMatchObject({ kinds: { mention: 'on', urgent: 'on' } });
  },
});
