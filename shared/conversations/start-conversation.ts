import type { ConversationStart } from '../contract/conversations/create-conversation.ts';
import type { Principal } from '../tenancy/principal.ts';
import { createConversation, type StartOutcome } from './create-conversation.ts';
import { createGroup, type GroupOutcome } from './groups/create-group.ts';

/** Starts a conversation of two people, or a group. */
export function startConversation(
  principal: Principal,
  start: ConversationStart,
): Promise<StartOutcome | GroupOutcome> {
  return start.kind === 'direct' ? createConversation(principal, start.userId) : createGroup(principal, start);
}
