import { expect } from 'vitest';
import { listUsers } from '../../shared/contract/identity/list-users.ts';
import { cursorCases } from '../integration/matrix/cursor-cases.ts';
import { expiredCursor } from '../integration/problems/expired-cursor.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(listUsers, {
  matrix: {
    own: ({ home, person }) => [
      { name: 'plain', request: {}, status: 200 },
      { name: 'a page', request: { query: { limit: '1' } }, status: 200 },
      { name: 'by name', request: { query: { q: home?.bob.username ?? person.username } }, status: 200 },
    ],
    slots: {
      // A user of another tenant looks like a missing one.
      'query.q': ({ foreign }) =>
        [foreign.bob.username, foreign.bob.email, 'nobody.at.all', 'nobody@people.test'].map((q) => ({
          name: `query.q is ${q}`,
          request: { query: { q } },
          ...{ status: 200, alike: 'nobody' },
        })),
      'query.cursor': cursorCases,
    },
  },
  goodRequest: ({ alice }) => ({ by: alice }),
  problems: { 'invalid-cursor': expiredCursor(() => 'users') },
  ...readsOnly,
  walk: async (scene) => {
    const who = await scene.session();
    await scene.answer(200, 'GET', '/api/v1/users?limit=2', who);
    const found = await scene.answer(200, 'GET', '/api/v1/users?q=alice', who);
    expect(found.items).toHaveLength(1);
  },
});
