import type { UnreadTotal } from '../../contract/receipts/get-unread-count.ts';
import { keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { type MembershipItem, memberOf, type ParticipantItem } from '../log/conversation-item.ts';
import { readSummaries, readItems } from '../log/conversation-parts.ts';
import { membershipsOf } from '../conversations/list-conversations.ts';
import { progressOfItem } from '../log/participant-store.ts';
import { unreadOf } from '../log/receipt-rules.ts';

/**
 * What is unread in all of a user's conversations: one query, and two calls for each 100 of them. The summaries are read
 * before the watermarks, which they never lead, and those consistently: what the user has read or written is not counted.
 */
export async function getUnreadCount(principal: Principal): Promise<UnreadTotal> {
  const { scope, userId } = principal;
  const memberships = await membershipsOf(principal);
  const ids = memberships.map((one) => one.conversationId);
  const summaries = await readSummaries(scope, ids);
  const participants = await tenantTable(scope).batchGet<ParticipantItem>(
    ids.map((id) => keys.participant(id, userId)),
    { consistent: true },
  );
  const progress = new Map(participants.map((one) => [one.pk, progressOfItem(one)]));
  const since = await countsSinceJoining(principal, memberships);
  const unread = summaries
    .map(({ conversationId, count }) => {
      const own = progress.get(keys.conversation(conversationId).pk) ?? progressOfItem(undefined);
      return unreadOf(own, count, since.get(conversationId) ?? 0);
    })
    .filter((messages) => messages > 0);
  return { messages: unread.reduce((sum, messages) => sum + messages, 0), conversations: unread.length };
}

/** The log's running counts when the user came; nothing was written before a direct conversation's people came. */
async function countsSinceJoining(
  { scope, userId }: Principal,
  memberships: readonly MembershipItem[],
): Promise<ReadonlyMap<string, number>> {
  const groups = memberships.filter((one) => one.revision !== undefined);
  const untold = groups.filter((one) => one.sinceCount === undefined).map((one) => one.conversationId);
  const items = await readItems(scope, untold);
  return new Map([
    ...groups.map((one) => [one.conversationId, one.sinceCount ?? 0] as const),
    ...[...items].map(([id, item]) => [id, memberOf(item, userId)?.n ?? 0] as const),
  ]);
}
