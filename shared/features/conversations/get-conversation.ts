import { conversationNotFound } from '../../contract/problems.ts';
import type { Conversation } from '../../contract/schemas/conversation.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { together } from '../../core/runtime/together.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { type HeadItem, newHead } from '../log/conversation-head.ts';
import { firstVisible } from '../log/conversation-item.ts';
import { readParts } from '../log/conversation-parts.ts';
import { conversationOf } from './conversation-view.ts';
import { toStoredEntry } from '../log/log-codec.ts';
import { isShown, type LogEntry } from '../log/log-entry.ts';
import { stretchBefore } from '../log/log-stretch.ts';
import { readableConversation } from '../log/open-conversation.ts';
import { ownProgress } from '../log/own-progress.ts';

/** Beyond every log. */
const pastTheEnd = 999_999_999_999;

/** A conversation with the true end of its log, not the projected one: what was acked is in it. */
export async function getConversation(
  principal: Principal,
  conversationId: string,
): Promise<Conversation | Refusal<typeof conversationNotFound>> {
  const { scope, userId } = principal;
  const [conversation, keys] = await together([readableConversation(scope, conversationId, userId), tenantKeys(scope)]);
  if (conversation === undefined) return refuse(conversationNotFound);
  const { item, member, store } = conversation;
  const { entries } = await stretchBefore(store, pastTheEnd, 1, firstVisible(item, member));
  const head = entries.reduce(headWith, newHead(conversationId, item.createdAt));
  const [[parts], { progress }] = await together([
    readParts(scope, [{ head, item }]),
    ownProgress(scope, conversation, userId, entries),
  ]);
  if (parts === undefined) return refuse(conversationNotFound);
  const others = parts.participants.filter((one) => one.userId !== userId);
  return conversationOf(keys, scope, userId, { ...parts, participants: [...others, { userId, ...progress }] });
}

function headWith(head: HeadItem, entry: LogEntry): HeadItem {
  const moved = { ...head, lastSeq: entry.seq, count: entry.state.count };
  return isShown(entry)
    ? { ...moved, activityAt: entry.createdAt, last: toStoredEntry(entry), lastShownSeq: entry.seq }
    : moved;
}
