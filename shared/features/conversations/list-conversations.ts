import { invalidCursor } from '../../contract/problems.ts';
import type { Conversation } from '../../contract/schemas/conversation.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { decodeCursor, encodeCursor } from '../../core/table/cursor.ts';
import { keys, membershipPrefix } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { ConversationSummary } from '../log/conversation-summary.ts';
import { accessTo } from '../log/access.ts';
import { directConversationOf, type MembershipItem } from '../log/conversation-item.ts';
import { readParts, readSummaries } from '../log/conversation-parts.ts';
import { readConversations } from '../log/conversation-store.ts';
import { ownerOf } from '../log/log-owner.ts';
import { conversationOf } from './conversation-view.ts';

export interface ConversationsPage {
  readonly items: Conversation[];
  readonly nextCursor: string | null;
}

/**
 * Newest activity first. Reads and sorts all summaries, because an index would cost a write for each message and
 * participant. No page repeats a conversation of an earlier page.
 */
export async function listConversations(
  principal: Principal,
  query: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<ConversationsPage | Refusal<typeof invalidCursor>> {
  const { scope, userId } = principal;
  const list = `conversations/${userId}`;
  const start = query.cursor === undefined ? undefined : decodeCursor(list, query.cursor);
  if (query.cursor !== undefined && start === undefined) return refuse(invalidCursor);

  const memberships = await membershipsOf(principal);
  const direct = new Map(memberships.map((own) => [own.conversationId, directConversationOf(userId, own)]));
  const ids = memberships.map(({ conversationId }) => conversationId);
  const summaries = [...(await readSummaries(scope, ids))].sort(byActivity);
  const position = { activityAt: Number(start?.['activityAt']), conversationId: start?.['conversationId'] ?? '' };
  const rest = start === undefined ? summaries : summaries.filter((summary) => byActivity(position, summary) < 0);
  const page = rest.slice(0, query.limit);

  const shown = page.map((summary) => summary.conversationId);
  // Reads groups consistently and after their summaries, so that a removed user sees no later message.
  const [items] = await settleAll([
    readConversations(
      scope,
      shown.filter((id) => direct.get(id) === undefined),
      { consistent: true },
    ),
    tenantKeys(scope),
  ]);
  const parts = await readParts(
    scope,
    page.flatMap((summary) => {
      const item = direct.get(summary.conversationId) ?? items.get(summary.conversationId);
      return item === undefined || accessTo(item, principal) === undefined ? [] : [{ summary, item }];
    }),
  );
  const last = page.at(-1);
  return {
    items: await settleAll(
      parts.map(async (shown) =>
        conversationOf(await ownerOf({ scope, conversationId: shown.id, item: shown.item }), principal, shown),
      ),
    ),
    nextCursor:
      last === undefined || rest.length <= query.limit
        ? null
        : encodeCursor(list, { activityAt: String(last.activityAt), conversationId: last.conversationId }),
  };
}

/** Memberships of groups can be stale: check the access to the group first. */
export async function membershipsOf({
  scope,
  userId,
}: Pick<Principal, 'scope' | 'userId'>): Promise<readonly MembershipItem[]> {
  const memberships: MembershipItem[] = [];
  let after: string | undefined;
  do {
    const page = await tenantTable(scope).query<MembershipItem>({
      pk: keys.user(userId).pk,
      beginsWith: membershipPrefix,
      ...(after === undefined ? {} : { after }),
    });
    memberships.push(...page.items.filter(({ leftAt }) => leftAt === undefined));
    after = page.lastSortKey;
  } while (after !== undefined);
  return memberships;
}

function byActivity(
  first: Pick<ConversationSummary, 'activityAt' | 'conversationId'>,
  second: Pick<ConversationSummary, 'activityAt' | 'conversationId'>,
): number {
  return (
    second.activityAt - first.activityAt ||
    (first.conversationId < second.conversationId ? 1 : first.conversationId > second.conversationId ? -1 : 0)
  );
}
