import { expect } from 'vitest';
import { listConversations } from '../../shared/contract/conversations/list-conversations.ts';
import { cursorCases } from '../integration/matrix/cursor-cases.ts';
import { agentsSlot, listSlot, teamsSlot } from '../integration/matrix/support-slots.ts';
import { expiredCursor } from '../integration/problems/expired-cursor.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

/** The same answer as for unknown values. */
const nothing = { status: 200, alike: 'nothing' } as const;

export const card = defineCard(listConversations, {
  matrix: {
    own: ({ role, home }) => [
      { name: 'plain', request: {}, status: 200 },
      { name: 'a page', request: { query: { limit: '1' } }, status: 200 },
      { name: 'support', request: { query: { kind: 'support' } }, status: 200 },
      ...(role === 'agent' || role === 'admin'
        ? [
            { name: 'all of the desk', request: { query: { view: 'all' } }, status: 200 },
            { name: 'by word', request: { query: { q: home?.canary ?? '' } }, status: 200 },
          ]
        : []),
    ],
    slots: {
      'query.cursor': cursorCases,
      // Values of another tenant look like unknown ones.
      'query.teamId': listSlot(teamsSlot('query.teamId', (_, teamId) => ({ query: { teamId } }), nothing)),
      'query.assigneeId': listSlot(
        agentsSlot('query.assigneeId', nothing, (_, assigneeId) => ({ query: { assigneeId } })),
      ),
      'query.q': listSlot(({ foreign }) =>
        [foreign.canary, foreign.textCanary, 'nowhere'].map((q) => ({
          name: `query.q is ${q}`,
          request: { query: { q } },
          ...nothing,
        })),
      ),
    },
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
