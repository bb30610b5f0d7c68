import { conversationNotFound, messageNotFound } from '../contract/problems.ts';
import type { Message } from '../contract/schemas/message.ts';
import { tenantKeys } from '../encryption/data-keys.ts';
import { type Refusal, refuse } from '../handler/refusal.ts';
import { together } from '../runtime/together.ts';
import type { Principal } from '../tenancy/principal.ts';
import { messageOf } from './message-view.ts';
import { openConversation } from './open-conversation.ts';

/** One message by its number. */
export async function getMessage(
  principal: Principal,
  conversationId: string,
  seq: number,
): Promise<Message | Refusal<typeof conversationNotFound | typeof messageNotFound>> {
  const [conversation, keys] = await together([
    openConversation(principal.scope, conversationId, principal.userId),
    tenantKeys(principal.scope),
  ]);
  if (conversation === undefined) return refuse(conversationNotFound);
  const entry = await conversation.store.readEntry(seq);
  return entry === undefined ? refuse(messageNotFound) : messageOf(keys, principal.scope, conversationId, entry);
}
