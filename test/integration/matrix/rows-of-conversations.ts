import { ulid } from 'ulid';
import type { Caller } from './caller.ts';
import { conversationSlot, inOwn, wrongNumbers } from './conversation-slots.ts';
import { ownConversation, wrongConversations } from './conversation-values.ts';
import { cursorCases } from './cursor-cases.ts';
import { wrongIds } from './id-values.ts';
import { absent, casesOf, malformed, type Row } from './row.ts';
import { groupOfStrangers } from './rows-of-groups.ts';

function newMessage({ home }: Caller) {
  return { type: 'text', text: `${home?.textCanary} sent`, clientMessageId: ulid() };
}

export const listConversations: Row = {
  own: () => [
    { name: 'plain', request: {}, status: 200 },
    { name: 'a page', request: { query: { limit: '1' } }, status: 200 },
  ],
  slots: { 'query.cursor': cursorCases },
};

export const createConversation: Row = {
  own: ({ home, person }) => {
    const others = home === undefined ? [] : [home.alice, home.bob].filter((one) => one !== person);
    // The pair of Alice and Bob has its conversation already, and so have others after their first start.
    const request = (userId: string) => ({ body: { kind: 'direct', userId } });
    const known = others.filter(() => person === home?.alice || person === home?.bob);
    return known.map((other) => ({ name: 'own', request: request(other.userId), status: 200 }));
  },
  slots: {
    'body.userId': (caller) => {
      const { home, foreign } = caller;
      const own = home?.bob.userId ?? ulid();
      const values = wrongIds({ own, foreign: foreign.bob.userId, foreignTenantId: foreign.tenantId });
      return [
        ...casesOf('body.userId', values, absent(404, 'USER_NOT_FOUND'), (userId) => ({
          body: { kind: 'direct', userId },
        })),
        {
          name: 'body.userId is the caller',
          request: { body: { kind: 'direct', userId: caller.person.userId } },
          ...{ status: 422, code: 'CONVERSATION_WITH_SELF' },
        },
      ];
    },
    'body.participants': groupOfStrangers,
  },
};

export const getConversation: Row = {
  own: (caller) => inOwn(caller, [{ request: {}, status: 200 }]),
  slots: { 'path.conversationId': conversationSlot({}) },
};

export const listMessages: Row = {
  own: (caller) =>
    inOwn(caller, [
      { request: {}, status: 200 },
      { name: 'a page', request: { query: { limit: '1' } }, status: 200 },
      { name: 'after', request: { query: { after: '1' } }, status: 200 },
    ]),
  slots: {
    'path.conversationId': (caller) => [
      ...conversationSlot({})(caller),
      ...conversationSlot({ query: { after: '0' } })(caller).map((one) => ({ ...one, name: `${one.name}, paged` })),
    ],
  },
};

export const sendMessage: Row = {
  own: (caller) => inOwn(caller, [{ request: { body: newMessage(caller) }, status: 201 }]),
  slots: { 'path.conversationId': (caller) => conversationSlot({ body: newMessage(caller) })(caller) },
};

export const getMessage: Row = {
  own: (caller) => inOwn(caller, [{ request: { params: { seq: '1' } }, status: 200 }]),
  slots: {
    'path.conversationId': conversationSlot({ params: { seq: '1' } }),
    'path.seq': (caller) =>
      inOwn(caller, [
        {
          name: 'path.seq is beyond the end',
          request: { params: { seq: '999999' } },
          ...absent(404, 'MESSAGE_NOT_FOUND'),
        },
        {
          name: 'path.seq is far beyond',
          request: { params: { seq: '999999999999' } },
          ...absent(404, 'MESSAGE_NOT_FOUND'),
        },
        ...wrongNumbers.map((seq) => ({ name: `path.seq is ${seq}`, request: { params: { seq } }, ...malformed })),
      ]),
  },
};

export const catchUp: Row = {
  own: (caller) => {
    const conversationId = ownConversation(caller);
    const positions = conversationId === undefined ? {} : { positions: `${conversationId}:0` };
    return [
      { name: 'plain', request: {}, status: 200 },
      { name: 'own', request: { query: positions }, status: 200 },
      { name: 'from the beginning', request: { query: { since: 'WzBd' } }, status: 200 },
    ];
  },
  slots: {
    // Whatever is not the caller's is left out: nothing is told of it, and it is not to be asked for again.
    'query.positions': (caller) =>
      wrongConversations(caller).map(({ kind, value, form }) => ({
        name: `query.positions names ${kind}`,
        request: { query: { positions: `${value}:0` } },
        ...(form === 'malformed' ? malformed : { status: 200 }),
      })),
  },
};
