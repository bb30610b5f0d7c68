import { conversationNotFound, messageNotFound } from '../contract/problems.ts';
import type { Message } from '../contract/schemas/message.ts';
import { tenantKeys } from '../encryption/data-keys.ts';
import { type Refusal, refuse } from '../handler/refusal.ts';
import { together } from '../runtime/together.ts';
import type { Principal } from '../tenancy/principal.ts';
import { readVisibleEntry } from './visible-entry.ts';
import { messageOf } from './message-view.ts';
import { readableConversation } from './open-conversation.ts';
import { readWatermarks } from './receipts/participant-store.ts';
import { statusOf } from './receipts/status-rules.ts';

/** One message by its number. */
export async function getMessage(
  principal: Principal,
  conversationId: string,
  seq: number,
): Promise<Message | Refusal<typeof conversationNotFound | typeof messageNotFound>> {
  const { scope, userId } = principal;
  const [conversation, keys] = await together([readableConversation(scope, conversationId, userId), tenantKeys(scope)]);
  if (conversation === undefined) return refuse(conversationNotFound);
  const { item } = conversation;
  const [entry, watermarks] = await together([
    readVisibleEntry(conversation, seq),
    readWatermarks(scope, conversationId, item),
  ]);
  if (entry === undefined) return refuse(messageNotFound);
  return messageOf(keys, scope, conversationId, entry, statusOf(item, entry, watermarks));
}
