import type { OperationRequest } from '../system/operations.ts';
import type { Caller } from './caller.ts';
import { absent, type Case, malformed, type Row } from './row.ts';
import { conversationSlot, inOwn, wrongNumbers } from './conversation-slots.ts';

const messageAbsent = absent(404, 'MESSAGE_NOT_FOUND');
const notTheirs = { status: 403, code: 'NOT_THE_SENDER' };

/** The first message of the own conversation is Alice's, and only she may change it. */
function isSender({ person, home }: Caller): boolean {
  return person === home?.alice || person === home?.agent;
}

/** What stands for the number of a message: beyond the end, and in other forms. */
function seqSlot(rest: OperationRequest) {
  const request = (seq: string) => ({ ...rest, params: { ...rest.params, seq } });
  return (caller: Caller): readonly Case[] =>
    inOwn(caller, [
      { name: 'path.seq is beyond the end', request: request('999999'), ...messageAbsent },
      { name: 'path.seq is far beyond', request: request('999999999999'), ...messageAbsent },
      ...wrongNumbers.map((seq) => ({ name: `path.seq is ${seq}`, request: request(seq), ...malformed })),
    ]);
}

/** Nobody keeps a change that this makes: the texts stay as the matrix expects them. */
function changeRow(rest: OperationRequest, own: (caller: Caller) => readonly Omit<Case, 'name'>[]): Row {
  const first = { ...rest, params: { seq: '1', ...rest.params } };
  return {
    own: (caller) => inOwn(caller, own(caller)),
    slots: { 'path.conversationId': conversationSlot(first), 'path.seq': seqSlot(rest) },
  };
}

const edited = ({ home }: Caller) => ({ body: { text: `${home?.textCanary} edited` } });

export const editMessage: Row = {
  own: (caller) =>
    inOwn(caller, [
      {
        request: { params: { seq: '1' }, ...edited(caller) },
        ...(isSender(caller) ? { status: 200 } : notTheirs),
      },
    ]),
  slots: {
    'path.conversationId': (caller) => conversationSlot({ params: { seq: '1' }, ...edited(caller) })(caller),
    'path.seq': (caller) => seqSlot(edited(caller))(caller),
  },
};

/** Of a message that is written for it would be tested elsewhere: here nobody deletes what others are shown. */
export const deleteMessage: Row = changeRow({}, (caller) =>
  isSender(caller) ? [] : [{ request: { params: { seq: '1' } }, ...notTheirs }],
);

export const listMessageVersions: Row = changeRow({}, () => [{ request: { params: { seq: '1' } }, status: 200 }]);

const thumb = { params: { emoji: '👍' } };

export const addReaction: Row = {
  own: (caller) => inOwn(caller, [{ request: { params: { seq: '1', emoji: '👍' } }, status: 200 }]),
  slots: {
    'path.conversationId': conversationSlot({ params: { seq: '1', emoji: '👍' } }),
    'path.seq': seqSlot(thumb),
  },
};

export const removeReaction: Row = addReaction;
