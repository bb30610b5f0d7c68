import type { OperationRequest } from '../system/operations.ts';
import type { Caller } from './caller.ts';
import { conversationSlot, inOwn } from './conversation-slots.ts';
import { absent, type Case, malformed, type Matrix } from './request-cases.ts';

const wrongNumbers = ['0', '-1', '1e3', '1.0', '01', '٣', 'x', '1%23', '1#', '9'.repeat(13)];

const messageAbsent = absent(404, 'MESSAGE_NOT_FOUND');

export const notTheSender = { status: 403, code: 'NOT_THE_SENDER' };

export function isSender({ person, home }: Caller): boolean {
  return person === home?.alice || person === home?.agent;
}

function seqSlot(rest: (caller: Caller) => OperationRequest) {
  return (caller: Caller): readonly Case[] => {
    const { params, ...others } = rest(caller);
    const request = (seq: string) => ({ ...others, params: { ...params, seq } });
    return inOwn(caller, [
      { name: 'path.seq is beyond the end', request: request('999999'), ...messageAbsent },
      { name: 'path.seq is far beyond the end', request: request('999999999999'), ...messageAbsent },
      ...wrongNumbers.map((seq) => ({ name: `path.seq is ${seq}`, request: request(seq), ...malformed })),
    ]);
  };
}

/**
 * Requests about a conversation's first message.
 * @param own - the expected answers to the caller's own request.
 * @param rest - without the conversation and the seq.
 */
export function onMessages(
  own: (caller: Caller, request: OperationRequest) => readonly Omit<Case, 'name'>[],
  rest: (caller: Caller) => OperationRequest = () => ({}),
): Matrix {
  const first = (caller: Caller) => {
    const { params, ...others } = rest(caller);
    return { ...others, params: { seq: '1', ...params } };
  };
  return {
    own: (caller) => inOwn(caller, own(caller, first(caller))),
    slots: {
      'path.conversationId': (caller) => conversationSlot(first(caller))(caller),
      'path.seq': seqSlot(rest),
    },
  };
}
