import { conversationNotFound } from '../contract/problems.ts';
import type { Conversation } from '../contract/schemas/conversation.ts';
import { tenantKeys } from '../encryption/data-keys.ts';
import { type Refusal, refuse } from '../handler/refusal.ts';
import { together } from '../runtime/together.ts';
import type { Principal } from '../tenancy/principal.ts';
import { type HeadItem, newHead } from './conversation-head.ts';
import { readParts } from './conversation-parts.ts';
import { conversationOf } from './conversation-view.ts';
import { toStoredEntry } from './log/log-codec.ts';
import { openConversation } from './open-conversation.ts';

/** A conversation with the true end of its log, not the projected one: what was acked is in it. */
export async function getConversation(
  principal: Principal,
  conversationId: string,
): Promise<Conversation | Refusal<typeof conversationNotFound>> {
  const { scope, userId } = principal;
  const [conversation, keys] = await together([openConversation(scope, conversationId, userId), tenantKeys(scope)]);
  if (conversation === undefined) return refuse(conversationNotFound);
  const { item, store } = conversation;
  const [newest] = await store.readBackward(999_999_999_999, 1);
  const head: HeadItem =
    newest === undefined
      ? newHead(conversationId, item.createdAt)
      : {
          conversationId,
          lastSeq: newest.seq,
          count: newest.state.count,
          activityAt: newest.createdAt,
          last: toStoredEntry(newest),
        };
  const [parts] = await readParts(scope, [{ head, item }]);
  return parts === undefined ? refuse(conversationNotFound) : conversationOf(keys, scope, userId, parts);
}
