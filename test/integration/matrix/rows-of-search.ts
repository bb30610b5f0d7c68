import type { Caller } from './caller.ts';
import { ownConversation, wrongConversations } from './conversation-values.ts';
import { cursorCases } from './cursor-cases.ts';
import { wrongIds } from './id-values.ts';
import { absent, type Case, casesOf, malformed, type Row } from './row.ts';

/** Whatever is not the caller's is not found, like words that nobody ever wrote. */
const nothing = { status: 200, alike: 'nothing' } as const;

export const searchMessages: Row = {
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
    'query.q': ({ foreign }: Caller): readonly Case[] => [
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
      casesOf(
        'query.conversationId',
        wrongConversations(caller),
        absent(404, 'CONVERSATION_NOT_FOUND'),
        (conversationId) => ({ query: { conversationId } }),
      ),
    'query.senderId': ({ person, foreign }: Caller) =>
      casesOf(
        'query.senderId',
        wrongIds({ own: person.userId, foreign: foreign.bob.userId, foreignTenantId: foreign.tenantId }),
        nothing,
        (senderId) => ({ query: { senderId } }),
      ),
    'query.cursor': (caller) =>
      cursorCases(caller).map((one) => ({ ...one, request: { query: { ...one.request.query, type: 'text' } } })),
  },
};
