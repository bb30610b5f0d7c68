import type { OperationRequest } from '../system/operations.ts';
import type { Caller } from './caller.ts';
import { ownConversation, wrongConversations } from './conversation-values.ts';
import { absent, type Case, casesOf } from './request-cases.ts';

export const conversationAbsent = absent(404, 'CONVERSATION_NOT_FOUND');

export function conversationSlot(rest: OperationRequest) {
  return (caller: Caller) =>
    casesOf('path.conversationId', wrongConversations(caller), conversationAbsent, (conversationId) => ({
      ...rest,
      params: { ...rest.params, conversationId },
    }));
}

export function inOwn(caller: Caller, requests: readonly (Omit<Case, 'name'> & { readonly name?: string })[]): Case[] {
  const conversationId = ownConversation(caller);
  if (conversationId === undefined) return [];
  return requests.map(({ name = 'own', request, ...rest }) => ({
    ...rest,
    name,
    request: { ...request, params: { ...request.params, conversationId } },
  }));
}
