import { ulid } from 'ulid';
import { malformedFrame } from '../../../shared/contract/problems.ts';
import type { ActionName } from '../system/operations.ts';
import type { Caller } from './caller.ts';
import { ownConversation, wrongConversations } from './conversation-values.ts';

/** A frame with the type of the answer, or the code of the problem. */
export interface FrameCase {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly answer: string;
  /** Events that `sync.page` frames bring after the answer; absent where none follow. */
  readonly events?: number;
  readonly alike?: string;
}

export interface FrameRow {
  readonly own: (caller: Caller) => readonly FrameCase[];
  readonly slots: Readonly<Record<string, (caller: Caller) => readonly FrameCase[]>>;
}

const invalid = 'VALIDATION_FAILED';

/** What the matrix sends for each action. One without a row does not compile, and fails the test. */
export const frameRows: { readonly [Name in ActionName]: FrameRow } = {
  ping: { own: () => [{ name: 'plain', data: {}, answer: 'pong' }], slots: {} },
  'presence.update': {
    own: () => [{ name: 'plain', data: { status: 'away' }, answer: 'presence' }],
    slots: {},
  },
  hello: {
    own: (caller) => {
      const conversation = ownConversation(caller);
      return [
        { name: 'plain', data: {}, answer: 'welcome', events: 0 },
        ...(conversation === undefined
          ? []
          : [
              { name: 'own', data: { resume: { [conversation]: 1 } }, answer: 'welcome', events: -1 },
              { name: 'from the beginning', data: { since: 'WzBd' }, answer: 'welcome', events: -1 },
            ]),
      ];
    },
    slots: {
      'data.resume': (caller) =>
        wrongConversations(caller).map(({ kind, value, form }) => ({
          name: `data.resume names ${kind}`,
          // An own member, also if its name is one that objects inherit: that name is no member's anywhere.
          data: { resume: Object.fromEntries([[value, 0]]) },
          ...(form === 'malformed'
            ? { answer: value === '__proto__' ? malformedFrame.code : invalid }
            : { answer: 'welcome', events: 0, alike: 'absent' }),
        })),
    },
  },
  'message.edit': changeRow({ text: 'framed' }, true),
  // Nobody deletes here what others are shown: only those who may not.
  'message.delete': {
    ...changeRow({}, true),
    own: (caller) =>
      changeRow({}, true)
        .own(caller)
        .filter(({ answer }) => answer !== 'ack'),
  },
  'reaction.add': changeRow({ emoji: '🎉' }, false),
  'reaction.remove': changeRow({ emoji: '🎉' }, false),
  'receipt.update': conversationRow({ deliveredSeq: 1 }),
  'typing.start': conversationRow({}),
  'typing.stop': conversationRow({}),
  'message.send': {
    own: (caller) => {
      const conversationId = ownConversation(caller);
      if (conversationId === undefined) return [];
      return [{ name: 'own', data: { ...newMessage(caller), conversationId }, answer: 'ack' }];
    },
    slots: {
      'data.conversationId': (caller) =>
        wrongConversations(caller).map(({ kind, value, form }) => ({
          name: `data.conversationId is ${kind}`,
          data: { ...newMessage(caller), conversationId: value },
          ...(form === 'malformed' ? { answer: invalid } : { answer: 'CONVERSATION_NOT_FOUND', alike: 'absent' }),
        })),
    },
  },
};

/** A frame about the caller's conversation, and about those of others. */
function conversationRow(rest: Readonly<Record<string, unknown>>): FrameRow {
  return {
    own: (caller) => {
      const conversationId = ownConversation(caller);
      return conversationId === undefined ? [] : [{ name: 'own', data: { ...rest, conversationId }, answer: 'ack' }];
    },
    slots: {
      'data.conversationId': (caller) =>
        wrongConversations(caller).map(({ kind, value, form }) => ({
          name: `data.conversationId is ${kind}`,
          data: { ...rest, conversationId: value },
          ...(form === 'malformed' ? { answer: invalid } : { answer: 'CONVERSATION_NOT_FOUND', alike: 'absent' }),
        })),
    },
  };
}

/** A frame about the first message of the caller's conversation, and about those of others. */
function changeRow(rest: Readonly<Record<string, unknown>>, onlySender: boolean): FrameRow {
  const frame = (conversationId: string, seq: number) => ({ ...rest, conversationId, seq });
  return {
    own: (caller) => {
      const conversationId = ownConversation(caller);
      const isSender = caller.person === caller.home?.alice || caller.person === caller.home?.agent;
      if (conversationId === undefined) return [];
      const answer = onlySender && !isSender ? 'NOT_THE_SENDER' : 'ack';
      return [{ name: 'own', data: frame(conversationId, 1), answer }];
    },
    slots: {
      'data.conversationId': (caller) =>
        wrongConversations(caller).map(({ kind, value, form }) => ({
          name: `data.conversationId is ${kind}`,
          data: frame(value, 1),
          ...(form === 'malformed' ? { answer: invalid } : { answer: 'CONVERSATION_NOT_FOUND', alike: 'absent' }),
        })),
      'data.seq': (caller) => {
        const own = ownConversation(caller);
        if (own === undefined) return [];
        return [
          { name: 'data.seq is beyond the end', data: frame(own, 999_999), answer: 'MESSAGE_NOT_FOUND', alike: 'none' },
          { name: 'data.seq is far beyond', data: frame(own, 999_999_999), answer: 'MESSAGE_NOT_FOUND', alike: 'none' },
          { name: 'data.seq is 0', data: frame(own, 0), answer: invalid },
        ];
      },
    },
  };
}

function newMessage({ home }: Caller) {
  return { type: 'text', text: `${home?.textCanary} framed`, clientMessageId: ulid() };
}
