import { expect } from 'vitest';
import { listTemplates } from '../../shared/contract/templates/list-templates.ts';
import { cursorCases } from '../integration/matrix/cursor-cases.ts';
import { expiredCursor } from '../integration/problems/expired-cursor.ts';
import { createdTemplate, newReply } from '../integration/templates/template-calls.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(listTemplates, {
  matrix: {
    own: ({ home }) => [
      { name: 'plain', request: {}, status: 200 },
      { name: 'a page', request: { query: { limit: '1' } }, status: 200 },
      { name: 'by word', request: { query: { q: home?.canary ?? 'staff' } }, status: 200 },
      { name: 'deleted ones', request: { query: { deleted: 'true' } }, status: 200 },
    ],
    slots: {
      // A template of another tenant looks like a missing one.
      'query.q': ({ foreign }) =>
        [foreign.canary, foreign.textCanary, 'no-such-template'].map((q) => ({
          name: `query.q is ${q}`,
          request: { query: { q } },
          ...{ status: 200, alike: 'nothing' },
        })),
      'query.cursor': cursorCases,
    },
  },
  goodRequest: ({ alice }) => ({ by: alice }),
  problems: { 'invalid-cursor': expiredCursor(() => 'templates all') },
  ...readsOnly,
  walk: async (scene) => {
    const id = await createdTemplate(scene.walker.test, scene.walker.admin, newReply());
    const { items } = await scene.answer(200, 'GET', '/api/v1/templates?limit=100', await scene.session());
    expect((items as { readonly id: string }[]).map((item) => item.id)).toContain(id);
    await scene.answer(200, 'GET', '/api/v1/templates?scope=global', scene.walker.admin);
  },
});
