import type { ConversationStart } from '../../contract/conversations/create-conversation.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { createConversation, type StartOutcome } from '../conversations/create-conversation.ts';
import { createGroup, type GroupOutcome } from './create-group.ts';

/** Starts a conversation of two people, or a group. */
export function startConversation(
  principal: Principal,
  start: ConversationStart,
): Promise<StartOutcome | GroupOutcome> {
  return start.kind === 'direct' ? createConversation(principal, start.userId) : createGroup(principal, start);
}
