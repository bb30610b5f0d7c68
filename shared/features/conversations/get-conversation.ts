import type { getConversation as getConversationRoute } from '../../contract/conversations/get-conversation.ts';
import { conversationNotFound } from '../../contract/problems.ts';
import type { Conversation } from '../../contract/schemas/conversation.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { InputOf } from '../../core/use-case.ts';
import { type ConversationSummary, newSummary } from '../log/conversation-summary.ts';
import { readParts } from '../log/conversation-parts.ts';
import { conversationOf } from './conversation-view.ts';
import { toStoredEntry } from '../log/log-codec.ts';
import { isVisible } from '../log/access.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { newestThroughShown } from './newest-shown.ts';
import { ownerOf } from '../log/log-owner.ts';
import { loadForEntries, loadToRead } from '../log/load-conversation.ts';
import { ownProgress } from '../log/own-progress.ts';

/** Reads consistently. Unlike the projected summary, it includes every acknowledged message. */
export async function getConversation(
  principal: Principal,
  { conversationId }: InputOf<typeof getConversationRoute>,
): Promise<Conversation | Refusal<typeof conversationNotFound>> {
  const { scope, userId } = principal;
  const [conversation] = await settleAll([loadToRead(principal, conversationId), tenantKeys(scope)]);
  if (conversation === undefined) return refuse(conversationNotFound);
  const entries = await newestThroughShown(conversation, conversation.access);
  const current = await loadForEntries(principal, conversation, entries);
  if (current === undefined) return refuse(conversationNotFound);
  const { item } = current;
  const summary = entries.reduce(
    (before, entry) => summaryWith(before, entry, isVisible(entry, current.access)),
    newSummary(conversationId, item.createdAt),
  );
  const [[parts], { progress }, owner] = await settleAll([
    readParts(scope, [{ summary, item }]),
    ownProgress(current, userId, entries),
    ownerOf(current),
  ]);
  if (parts === undefined) return refuse(conversationNotFound);
  const others = parts.progress.filter((own) => own.userId !== userId);
  return conversationOf(owner, current.reader, { ...parts, progress: [...others, { userId, ...progress }] });
}

function summaryWith(summary: ConversationSummary, entry: LogEntry, visible: boolean): ConversationSummary {
  const moved = { ...summary, lastSeq: entry.seq, count: entry.state.count };
  return entry.kind.isShown && visible
    ? { ...moved, activityAt: entry.createdAt, last: toStoredEntry(entry), lastShownSeq: entry.seq }
    : moved;
}
