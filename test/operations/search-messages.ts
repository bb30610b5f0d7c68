import { searchMessages } from '../../shared/contract/search/search-messages.ts';
import type { Case } from '../integration/matrix/request-cases.ts';
import { conversationAbsent } from '../integration/matrix/conversation-slots.ts';
import { ownConversation, wrongConversations } from '../integration/matrix/conversation-values.ts';
import { cursorCases } from '../integration/matrix/cursor-cases.ts';
import { wrongIds } from '../integration/matrix/id-values.ts';
import { casesOf, malformed } from '../integration/matrix/request-cases.ts';
import { slug, type Stage } from '../integration/problems/stage.ts';
import { newMessage } from '../integration/system/new-message.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

/** The same answer as for unknown words. */
const nothing = { status: 200, alike: 'nothing' } as const;

/** Restarts the function, which caches the setting. */
async function setSearch({ test }: Stage, functionName: string, search: 'on' | 'off'): Promise<void> {
  const changed = await test.provision({ command: 'changeSettings', tenant: slug, settings: { search } });
  if (!changed.ok) throw new Error(changed.problem.detail);
  await test.run.functions.recycle(functionName);
}

export const card = defineCard(searchMessages, {
  matrix: {
    own: (caller) => {
      const conversationId = ownConversation(caller);
      const q = caller.home?.canary ?? 'staff';
      return [
        { name: 'by word', request: { query: { q } }, status: 200 },
        { name: 'by type', request: { query: { type: 'text', limit: '1' } }, status: 200 },
        { name: 'by sender', request: { query: { senderId: caller.person.userId } }, status: 200 },
        ...(conversationId === undefined ? [] : [{ name: 'own', request: { query: { conversationId } }, status: 200 }]),
      ];
    },
    slots: {
      'query.q': ({ foreign }): readonly Case[] => [
        ...[foreign.canary, foreign.textCanary, foreign.canary.slice(0, -1), 'nobodyeverwrotethis'].map((q) => ({
          name: `query.q is ${q}`,
          request: { query: { q } },
          ...nothing,
        })),
        ...['', ' ', '…', '“”', 'x'.repeat(201), 'a b c d e f g h i j k'].map((q) => ({
          name: `query.q is ${q}`,
          request: { query: { q } },
          ...malformed,
        })),
      ],
      'query.conversationId': (caller) =>
        casesOf('query.conversationId', wrongConversations(caller), conversationAbsent, (conversationId) => ({
          query: { conversationId },
        })),
      'query.senderId': ({ person, foreign }) =>
        casesOf(
          'query.senderId',
          wrongIds({ own: person.userId, foreign: foreign.bob.userId, foreignTenantId: foreign.tenantId }),
          nothing,
          (senderId) => ({ query: { senderId } }),
        ),
      'query.cursor': (caller) =>
        cursorCases(caller).map((slot) => ({ ...slot, request: { query: { ...slot.request.query, type: 'text' } } })),
    },
  },
  goodRequest: ({ alice }) => ({ by: alice, query: { q: 'hello' } }),
  problems: {
    'search-off': {
      provoke: async (stage, { send, functionName }) => {
        await setSearch(stage, functionName, 'off');
        try {
          return await send();
        } finally {
          await setSearch(stage, functionName, 'on');
        }
      },
      changes: 'the tenant’s search is turned off',
    },
    'conversation-not-found': {
      provoke: (stage, { send }) => send({ by: stage.stranger, query: { conversationId: stage.conversation } }),
    },
    'invalid-cursor': {
      provoke: (stage, { send }) => {
        const position = { at: '1795249800000', conversationId: stage.conversation, seq: '1' };
        const expired = JSON.stringify([`search/${stage.alice.userId}`, position, Date.now() - 1]);
        return send({ query: { q: 'hello', cursor: Buffer.from(expired).toString('base64url') } });
      },
    },
  },
  ...readsOnly,
  walk: async (scene) => {
    const [{ to, id }] = await Promise.all([scene.audience(), scene.message(newMessage('needle'))]);
    for (const query of ['q=needle', `q=need&conversationId=${id}`]) {
      await scene.eventually(`the message is found by ${query}`, async () => {
        const { items } = await scene.answer(200, 'GET', `/api/v1/search/messages?${query}`, to);
        return items.length === 1;
      });
    }
  },
});
