import type { conversationNotFound } from '../../contract/problems.ts';
import type { Conversation } from '../../contract/schemas/conversation.ts';
import { isRefusal, type Refusal } from '../../core/refusal.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { getConversation } from '../conversations/get-conversation.ts';
import type { EntryKind } from '../log/log-entry.ts';
import { announceChange, type DecideDesk, type DeskRefusal, writeSupport } from './change-support.ts';

/** Changes a support conversation, and answers with the conversation as the caller sees it afterwards. */
export async function changeAndAnswer<Problem extends Refusal = never>(
  principal: Principal,
  conversationId: string,
  kind: EntryKind,
  decide: DecideDesk<Problem>,
): Promise<Conversation | Problem | DeskRefusal | Refusal<typeof conversationNotFound>> {
  const changed = await writeSupport(principal, conversationId, kind, decide);
  if (isRefusal(changed)) return changed;
  const [answer] = await settleAll([getConversation(principal, { conversationId }), announceChange(changed)]);
  return answer;
}
