import { conversationNotFound } from '../../contract/problems.ts';
import type { Conversation } from '../../contract/schemas/conversation.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { type ConversationSummary, newSummary } from '../log/conversation-summary.ts';
import { firstVisible } from '../log/conversation-item.ts';
import { readParts } from '../log/conversation-parts.ts';
import { conversationOf } from './conversation-view.ts';
import { toStoredEntry } from '../log/log-codec.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { rangeBefore } from '../log/log-range.ts';
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
  const [conversation, keys] = await settleAll([
    readableConversation(scope, conversationId, userId),
    tenantKeys(scope),
  ]);
  if (conversation === undefined) return refuse(conversationNotFound);
  const { item, member, store } = conversation;
  const { entries } = await rangeBefore(store, pastTheEnd, 1, firstVisible(item, member));
  const summary = entries.reduce(summaryWith, newSummary(conversationId, item.createdAt));
  const [[parts], { progress }] = await settleAll([
    readParts(scope, [{ summary, item }]),
    ownProgress(scope, conversation, userId, entries),
  ]);
  if (parts === undefined) return refuse(conversationNotFound);
  const others = parts.participants.filter((one) => one.userId !== userId);
  return conversationOf(keys, scope, userId, { ...parts, participants: [...others, { userId, ...progress }] });
}

function summaryWith(summary: ConversationSummary, entry: LogEntry): ConversationSummary {
  const moved = { ...summary, lastSeq: entry.seq, count: entry.state.count };
  return entry.kind.isShown
    ? { ...moved, activityAt: entry.createdAt, last: toStoredEntry(entry), lastShownSeq: entry.seq }
    : moved;
}
