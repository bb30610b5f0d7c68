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
import { directFacts, memberOf, type MembershipItem } from '../log/conversation-item.ts';
import { readSummaries, readItems, readParts } from '../log/conversation-parts.ts';
import { conversationOf } from './conversation-view.ts';

export interface ConversationsPage {
  readonly items: Conversation[];
  readonly nextCursor: string | null;
}

/**
 * The caller's conversations, newest activity first. Sorted here, from all summaries: a summary is half a read unit, and an
 * index sorted by activity would cost every message a write for each participant. The cursor is a place in the order
 * (time and id), so activity in between moves conversations but repeats none that came earlier in the order.
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
  const facts = new Map(memberships.map((one) => [one.conversationId, directFacts(userId, one)]));
  const ids = memberships.map((one) => one.conversationId);
  const summaries = [...(await readSummaries(scope, ids))].sort(byActivity);
  const place = { activityAt: Number(start?.['activityAt']), conversationId: start?.['conversationId'] ?? '' };
  const rest = start === undefined ? summaries : summaries.filter((summary) => byActivity(place, summary) < 0);
  const page = rest.slice(0, query.limit);

  const shown = page.map((summary) => summary.conversationId);
  // Whom a group has is read as it is now, and after its summary: whoever was removed does not see what came then. Who
  // takes part in a direct conversation never changes, and is in the membership.
  const [items, tenant] = await settleAll([
    readItems(
      scope,
      shown.filter((id) => facts.get(id) === undefined),
      { consistent: true },
    ),
    tenantKeys(scope),
  ]);
  const parts = await readParts(
    scope,
    page.flatMap((summary) => {
      const item = facts.get(summary.conversationId) ?? items.get(summary.conversationId);
      return item === undefined || memberOf(item, userId) === undefined ? [] : [{ summary, item }];
    }),
  );
  const last = page.at(-1);
  return {
    items: parts.map((one) => conversationOf(tenant, scope, userId, one)),
    nextCursor:
      last === undefined || rest.length <= query.limit
        ? null
        : encodeCursor(list, { activityAt: String(last.activityAt), conversationId: last.conversationId }),
  };
}

/**
 * All conversations that a user takes part in. Memberships of groups are a projection, which can be behind: whoever is
 * told who takes part looks at the group itself. What is left of ended ones is skipped.
 */
export async function membershipsOf({ scope, userId }: Principal): Promise<readonly MembershipItem[]> {
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
  one: Pick<ConversationSummary, 'activityAt' | 'conversationId'>,
  other: Pick<ConversationSummary, 'activityAt' | 'conversationId'>,
): number {
  return (
    other.activityAt - one.activityAt ||
    (one.conversationId < other.conversationId ? 1 : one.conversationId > other.conversationId ? -1 : 0)
  );
}
