import { expect } from 'vitest';
import { listDrafts } from '../../shared/contract/drafts/list-drafts.ts';
import { cursorCases } from '../integration/matrix/cursor-cases.ts';
import { expiredCursor } from '../integration/problems/expired-cursor.ts';
import { call } from '../integration/raw-client.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(listDrafts, {
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
          const path = `/api/v1/conversations/${id}/draft`;
          await call(test.url, 'PUT', path, { token: alice.token, body: { text: 'later' } });
        }
        return expiredCursor(() => `drafts/${alice.userId}`).provoke(stage, operation);
      },
      changes: 'a second page needs drafts',
    },
  },
  ...readsOnly,
  walk: async (scene) => {
    const { from, id } = await scene.audience();
    await scene.answer(200, 'PUT', `/api/v1/conversations/${id}/draft`, from, { text: 'later' });
    const list = await scene.answer(200, 'GET', '/api/v1/drafts', from);
    expect(list.items).toMatchObject([{ conversationId: id, text: 'later' }]);
  },
});
