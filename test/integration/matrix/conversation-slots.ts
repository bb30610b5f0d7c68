import type { OperationRequest } from '../system/operations.ts';
import type { Caller } from './caller.ts';
import { ownConversation, wrongConversations } from './conversation-values.ts';
import { absent, type Case, casesOf } from './row.ts';

const conversationAbsent = absent(404, 'CONVERSATION_NOT_FOUND');

/** The operation with each wrong conversation in its path. */
export function conversationSlot(rest: OperationRequest) {
  return (caller: Caller) =>
    casesOf('path.conversationId', wrongConversations(caller), conversationAbsent, (conversationId) => ({
      ...rest,
      params: { ...rest.params, conversationId },
    }));
}

/** A case for each of some requests to the caller's own conversation. */
export function inOwn(caller: Caller, requests: readonly (Omit<Case, 'name'> & { readonly name?: string })[]): Case[] {
  const conversationId = ownConversation(caller);
  if (conversationId === undefined) return [];
  return requests.map(({ name = 'own', request, ...rest }) => ({
    ...rest,
    name,
    request: { ...request, params: { ...request.params, conversationId } },
  }));
}

/** What is no number of a message. */
export const wrongNumbers = ['0', '-1', '1e3', '1.0', '01', '٣', 'x', '1%23', '1#', '9'.repeat(13)];
