import type { UnreadTotal } from '../../contract/receipts/get-unread-count.ts';
import { conversationIdOf, keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { accessTo } from '../log/access.ts';
import type { MembershipItem } from '../log/conversation-item.ts';
import { readSummaries } from '../log/conversation-parts.ts';
import { readConversations } from '../log/conversation-store.ts';
import { membershipsOf } from '../conversations/list-conversations.ts';
import { progressOf, type ReadingProgress } from '../log/progress-store.ts';
import { unreadOf } from '../log/receipt-rules.ts';

/**
 * Reads the summaries before the watermarks, because a summary is never ahead of them. Reads the watermarks
 * consistently, so that read and own messages do not count.
 */
export async function getUnreadCount(principal: UnreadReader): Promise<UnreadTotal> {
  return unreadTotalOf(principal, await membershipsOf(principal));
}

type UnreadReader = Pick<Principal, 'scope' | 'userId'>;

/** @param newest - a summary may be older than the entry with this count. */
export async function unreadTotalOf(
  principal: UnreadReader,
  memberships: readonly MembershipItem[],
  newest?: { readonly conversationId: string; readonly count: number },
): Promise<UnreadTotal> {
  const { scope, userId } = principal;
  const ids = memberships.map(({ conversationId }) => conversationId);
  const summaries = await readSummaries(scope, ids);
  const stored = await tenantTable(scope).batchGet<ReadingProgress>(
    ids.map((id) => keys.progress(id, userId)),
    { consistent: true },
  );
  const progress = new Map(stored.map((own) => [conversationIdOf(own), progressOf(own)]));
  const since = await countsSinceJoining(principal, memberships);
  const unread = summaries
    .map(({ conversationId, count }) => {
      const own = progress.get(conversationId) ?? progressOf(undefined);
      const atLeast = newest?.conversationId === conversationId ? newest.count : 0;
      return unreadOf(own, Math.max(count, atLeast), since.get(conversationId) ?? 0);
    })
    .filter((messages) => messages > 0);
  return { messages: unread.reduce((sum, messages) => sum + messages, 0), conversations: unread.length };
}

/** Returns the count of each group's log when the user joined. Omits direct conversations: theirs is 0. */
async function countsSinceJoining(
  principal: UnreadReader,
  memberships: readonly MembershipItem[],
): Promise<ReadonlyMap<string, number>> {
  const groups = memberships.filter(({ revision }) => revision !== undefined);
  const withoutCount = groups.filter(({ sinceCount }) => sinceCount === undefined);
  const ids = withoutCount.map(({ conversationId }) => conversationId);
  const items = await readConversations(principal.scope, ids);
  return new Map([
    ...groups.map(({ conversationId, sinceCount = 0 }) => [conversationId, sinceCount] as const),
    ...[...items].map(([id, item]) => [id, accessTo(item, principal)?.joined.count ?? 0] as const),
  ]);
}
