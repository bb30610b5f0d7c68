import { mapConcurrent } from '../../core/runtime/map-concurrent.ts';
import { keys, membershipPrefix } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { directConversationOf, isParticipant, type MembershipItem } from '../log/conversation-item.ts';
import { readConversations } from '../log/conversation-store.ts';

const conversationsAtATime = 100;

/** The people among those wanted with whom the user shares a conversation, and the user if wanted. */
export async function contactsAmong(
  scope: TenantScope,
  userId: string,
  wanted: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const found = new Set([userId].filter((own) => wanted.has(own)));
  let after: string | undefined;
  do {
    if (found.size === wanted.size) break;
    const page = await membershipPage(scope, userId, after);
    const items = await readConversations(scope, untold(page.memberships));
    for (const one of page.memberships) {
      const item = directConversationOf(userId, one) ?? items.get(one.conversationId);
      if (item === undefined || !isParticipant(item, userId)) continue;
      for (const other of wanted) if (isParticipant(item, other)) found.add(other);
    }
    after = page.next;
  } while (after !== undefined);
  return found;
}

/** Of each user the newest conversations with at most so many people, and who takes part in them. */
export async function closeCirclesOf(
  scope: TenantScope,
  userIds: readonly string[],
  mostPeople: number,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const pages = new Map<string, readonly MembershipItem[]>();
  for await (const [userId, { memberships }] of mapConcurrent(
    userIds,
    8,
    async (one) => [one, await membershipPage(scope, one)] as const,
  )) {
    pages.set(userId, memberships);
  }
  const items = await readConversations(scope, [...new Set([...pages.values()].flatMap(untold))]);
  const circleOf = (userId: string, memberships: readonly MembershipItem[]) =>
    memberships.flatMap((one) => {
      const item = directConversationOf(userId, one) ?? items.get(one.conversationId);
      if (item === undefined || !isParticipant(item, userId)) return [];
      const people = Object.keys(item.participants);
      return people.length > mostPeople ? [] : people;
    });
  return new Map(
    [...pages].map(([userId, memberships]) => [userId, [...new Set([userId, ...circleOf(userId, memberships)])]]),
  );
}

/** Conversations whose people only their own items know: the groups. */
function untold(memberships: readonly MembershipItem[]): readonly string[] {
  return memberships.filter(({ otherId }) => otherId === undefined).map(({ conversationId }) => conversationId);
}

/** Conversations that the user has not left, the newest first. */
async function membershipPage(
  scope: TenantScope,
  userId: string,
  after?: string,
): Promise<{ readonly memberships: readonly MembershipItem[]; readonly next: string | undefined }> {
  const { items, lastSortKey } = await tenantTable(scope).query<MembershipItem>({
    pk: keys.user(userId).pk,
    beginsWith: membershipPrefix,
    descending: true,
    limit: conversationsAtATime,
    ...(after === undefined ? {} : { after }),
  });
  return { memberships: items.filter(({ leftAt }) => leftAt === undefined), next: lastSortKey };
}
