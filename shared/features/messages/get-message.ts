import type { getMessage as getMessageRoute } from '../../contract/messages/get-message.ts';
import { conversationNotFound, messageNotFound } from '../../contract/problems.ts';
import type { Message } from '../../contract/schemas/message.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { InputOf } from '../../core/use-case.ts';
import { readVisibleEntry } from '../log/visible-entry.ts';
import { ownerOf } from '../log/log-owner.ts';
import { messageOf } from '../timeline/message-view.ts';
import { loadToRead } from '../log/load-conversation.ts';
import { readWatermarks } from '../log/progress-store.ts';
import { statusOf } from '../timeline/status-rules.ts';

export async function getMessage(
  principal: Principal,
  { conversationId, seq }: InputOf<typeof getMessageRoute>,
): Promise<Message | Refusal<typeof conversationNotFound | typeof messageNotFound>> {
  const { scope } = principal;
  const [conversation] = await settleAll([loadToRead(principal, conversationId), tenantKeys(scope)]);
  if (conversation === undefined) return refuse(conversationNotFound);
  const { item, access } = conversation;
  const [entry, watermarks, owner] = await settleAll([
    readVisibleEntry(principal, conversation, seq),
    readWatermarks(scope, conversationId, item),
    ownerOf(conversation),
  ]);
  if (entry === undefined) return refuse(messageNotFound);
  return messageOf(owner, entry, statusOf(item, entry, watermarks), access);
}
