import { expect } from 'vitest';
import { listMutes } from '../../shared/contract/notifications/mutes.ts';
import { cursorCases } from '../integration/matrix/cursor-cases.ts';
import { expiredCursor } from '../integration/problems/expired-cursor.ts';
import { call } from '../integration/raw-client.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(listMutes, {
  matrix: {
    own: () => [
      { name: 'plain', request: {}, status: 200 },
      { name: 'a page', request: { query: { limit: '1' } }, status: 200 },
    ],
    slots: { 'query.cursor': cursorCases },
  },
  goodRequest: ({ alice }) => ({ by: alice }),
  problems: {
    'invalid-cursor': {
      provoke: async (stage, operation) => {
        const { test, alice, conversation, group } = stage;
        for (const id of [conversation, group]) {
          const path = `/api/v1/conversations/${id}/mute`;
          await call(test.url, 'PUT', path, { token: alice.token, body: {} });
        }
        return expiredCursor(() => `mutes/${alice.userId}`).provoke(stage, operation);
      },
      changes: 'a second page needs mutes',
    },
  },
  ...readsOnly,
  walk: async (scene) => {
    const { to, id } = await scene.audience();
    await scene.answer(200, 'PUT', `/api/v1/conversations/${id}/mute`, to, {});
    const list = await scene.answer(200, 'GET', '/api/v1/notifications/mutes', to);
    expect(list.items).toEqual([{ conversationId: id }]);
  },
});
