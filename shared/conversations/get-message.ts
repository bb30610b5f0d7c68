import { conversationNotFound, messageNotFound } from '../contract/problems.ts';
import type { Message } from '../contract/schemas/message.ts';
import { tenantKeys } from '../encryption/data-keys.ts';
import { type Refusal, refuse } from '../handler/refusal.ts';
import { together } from '../runtime/together.ts';
import type { Principal } from '../tenancy/principal.ts';
import { readVisibleEntry } from './visible-entry.ts';
import { messageOf } from './message-view.ts';
import { readableConversation } from './open-conversation.ts';

/** One message by its number. */
export async function getMessage(
  principal: Principal,
  conversationId: string,
  seq: number,
): Promise<Message | Refusal<typeof conversationNotFound | typeof messageNotFound>> {
  const { scope, userId } = principal;
  const [conversation, keys] = await together([readableConversation(scope, conversationId, userId), tenantKeys(scope)]);
  if (conversation === undefined) return refuse(conversationNotFound);
  const entry = await readVisibleEntry(conversation, seq);
  return entry === undefined ? refuse(messageNotFound) : messageOf(keys, scope, conversationId, entry);
}
