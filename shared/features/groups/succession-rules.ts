import type { AccessRecord } from '../identity/session-access.ts';
import type { ConversationItem } from '../log/conversation-item.ts';

export function adminsOf({ members }: Pick<ConversationItem, 'members'>): readonly string[] {
  return Object.entries(members).flatMap(([userId, { r }]) => (r === 'a' ? [userId] : []));
}

/**
 * Who of several is to lead a group, the longest-standing first: whose account is active, and among those who is no
 * guest. A guest is better than somebody who cannot act, and that one better than nobody.
 * @param accounts - as far as they are known; who is not is taken for somebody who cannot act.
 */
export function preferredNextAdmin(
  candidates: readonly string[],
  accounts: readonly Pick<AccessRecord, 'userId' | 'status' | 'role'>[],
): string | undefined {
  const active = new Map(accounts.filter(({ status }) => status === 'active').map((one) => [one.userId, one.role]));
  const users = candidates.filter((userId) => active.has(userId));
  return users.find((userId) => active.get(userId) !== 'guest') ?? users[0] ?? candidates[0];
}
