import { mapConcurrent } from '../../core/runtime/map-concurrent.ts';
import { keys, membershipPrefix } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { directConversationOf, isParticipant, type MembershipItem } from '../log/conversation-item.ts';
import { readConversations } from '../log/conversation-store.ts';

const conversationsAtATime = 100;

/** Returns the wanted people who share a conversation with the user, and the user if wanted. */
export async function contactsAmong(
  scope: TenantScope,
  userId: string,
  wanted: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const found = new Set(wanted.has(userId) ? [userId] : []);
  let after: string | undefined;
  do {
    if (found.size === wanted.size) break;
    const page = await membershipPage(scope, userId, after);
    const items = await readConversations(scope, groupIdsIn(page.memberships));
    for (const membership of page.memberships) {
      const item = directConversationOf(userId, membership) ?? items.get(membership.conversationId);
      if (item === undefined || !isParticipant(item, userId)) continue;
      for (const id of wanted) if (isParticipant(item, id)) found.add(id);
    }
    after = page.next;
  } while (after !== undefined);
  return found;
}

/** The user, and the people in the user's newest conversations of at most `mostPeople` people. */
export async function presenceAudiencesOf(
  scope: TenantScope,
  userIds: readonly string[],
  mostPeople: number,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const pages = new Map<string, readonly MembershipItem[]>();
  for await (const [userId, { memberships }] of mapConcurrent(
    userIds,
    8,
    async (id) => [id, await membershipPage(scope, id)] as const,
  )) {
    pages.set(userId, memberships);
  }
  const items = await readConversations(scope, [...new Set([...pages.values()].flatMap(groupIdsIn))]);
  const audienceOf = (userId: string, memberships: readonly MembershipItem[]) =>
    memberships.flatMap((membership) => {
      const item = directConversationOf(userId, membership) ?? items.get(membership.conversationId);
      if (item === undefined || !isParticipant(item, userId)) return [];
      const people = Object.keys(item.participants);
      return people.length > mostPeople ? [] : people;
    });
  return new Map(
    [...pages].map(([userId, memberships]) => [userId, [...new Set([userId, ...audienceOf(userId, memberships)])]]),
  );
}

/** The membership of a direct conversation names the other person; that of a group does not. */
function groupIdsIn(memberships: readonly MembershipItem[]): readonly string[] {
  return memberships.filter(({ otherId }) => otherId === undefined).map(({ conversationId }) => conversationId);
}

/** Newest first, without conversations that the user left. */
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
