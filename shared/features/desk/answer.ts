import type { conversationNotFound } from '../../contract/problems.ts';
import type { Conversation } from '../../contract/schemas/conversation.ts';
import { isRefusal, type Refusal } from '../../core/refusal.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { getConversation } from '../conversations/get-conversation.ts';
import type { ChangedSupport } from './change-support.ts';

/** The conversation as the caller sees it after a change. */
export async function answerOf<Problem extends Refusal>(
  principal: Principal,
  conversationId: string,
  changed: ChangedSupport | Problem,
): Promise<Conversation | Problem | Refusal<typeof conversationNotFound>> {
  return isRefusal(changed) ? changed : getConversation(principal, { conversationId });
}
