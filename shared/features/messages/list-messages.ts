import type { listMessages as listMessagesRoute } from '../../contract/messages/list-messages.ts';
import { conversationNotFound } from '../../contract/problems.ts';
import type { Message } from '../../contract/schemas/message.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { lastLogSeq } from '../../core/table/keys.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { InputOf } from '../../core/use-case.ts';
import { isVisible } from '../log/access.ts';
import { withTargets } from '../timeline/entry-events.ts';
import { type LogRange, rangeAfter, rangeAround, rangeBefore } from '../log/log-range.ts';
import type { LogAddress } from '../log/log-store.ts';
import { ownerOf } from '../log/log-owner.ts';
import { messageOf } from '../timeline/message-view.ts';
import { loadForEntries, loadToRead } from '../log/load-conversation.ts';
import { readWatermarks } from '../log/progress-store.ts';
import { statusOf } from '../timeline/status-rules.ts';

type Query = Partial<InputOf<typeof listMessagesRoute>> & { readonly limit: number };

export interface MessagesPage {
  readonly items: Message[];
  readonly nextCursor: string | null;
  readonly covers: { readonly after: number; readonly through: number };
}

/**
 * Ascending. The consistent read includes every acknowledged message. Without a position, the query starts at the
 * newest message and continues back in time.
 */
export async function listMessages(
  principal: Principal,
  { conversationId, ...query }: Query & { readonly conversationId: string },
): Promise<MessagesPage | Refusal<typeof conversationNotFound>> {
  const { scope } = principal;
  const [conversation] = await settleAll([loadToRead(principal, conversationId), tenantKeys(scope)]);
  if (conversation === undefined) return refuse(conversationNotFound);
  const [{ entries, covers, next }, watermarks] = await settleAll([
    readRange(conversation, query, conversation.access.visibleFrom),
    readWatermarks(scope, conversationId, conversation.item),
  ]);
  const settled = await withTargets(conversation, entries);
  const current = await loadForEntries(principal, conversation, settled.values());
  if (current === undefined) return refuse(conversationNotFound);
  const { item, access } = current;
  const owner = await ownerOf(current);
  return {
    items: entries
      .filter((entry) => entry.kind.isShown && isVisible(entry, access))
      .map((entry) => messageOf(owner, settled.get(entry.seq) ?? entry, statusOf(item, entry, watermarks), access)),
    nextCursor: next === undefined ? null : String(next),
    covers,
  };
}

function readRange(
  log: LogAddress,
  { from, after = from, before, around, limit }: Query,
  visibleFrom: number,
): Promise<LogRange> {
  if (after !== undefined) return rangeAfter(log, Math.max(after, visibleFrom - 1), limit);
  if (around !== undefined) return rangeAround(log, around, limit, visibleFrom);
  return rangeBefore(log, before ?? lastLogSeq, limit, visibleFrom);
}
