import type { AccessRecord } from '../identity/session-access.ts';
import type { GroupConversation } from '../log/conversation-item.ts';

export function adminsOf({ participants }: Pick<GroupConversation, 'participants'>): readonly string[] {
  return Object.entries(participants).flatMap(([userId, { role }]) => (role === 'admin' ? [userId] : []));
}

/**
 * Prefers active users to active guests, and these to inactive users.
 * @param candidates - in the order in which they joined.
 * @param accounts - a candidate without an account counts as inactive.
 */
export function preferredNextAdmin(
  candidates: readonly string[],
  accounts: readonly Pick<AccessRecord, 'userId' | 'status' | 'role'>[],
): string | undefined {
  const active = new Map(
    accounts.filter(({ status }) => status === 'active').map(({ userId, role }) => [userId, role]),
  );
  const users = candidates.filter((userId) => active.has(userId));
  return users.find((userId) => active.get(userId) !== 'guest') ?? users[0] ?? candidates[0];
}
