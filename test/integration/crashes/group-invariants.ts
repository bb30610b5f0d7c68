import type { StoredConversation } from '../../../shared/features/log/conversation-codec.ts';
import type { MembershipItem } from '../../../shared/features/log/conversation-item.ts';
import { systemKind } from '../../../shared/features/log/entry-kinds.ts';
import type { LogEntry } from '../../../shared/features/log/log-entry.ts';

/**
 * Checks the group's revision, its participants' entries in the log, and its memberships.
 * @param memberships - of this conversation, by user.
 */
export function violationsOfGroup(
  group: Extract<StoredConversation, { kind: 'group' }>,
  log: readonly LogEntry[],
  memberships: ReadonlyMap<string, MembershipItem>,
): string[] {
  const wrong: string[] = [];
  const end = log.at(-1)?.state.revision;
  if (group.revision !== end) wrong.push(`has revision ${group.revision}, but its log has revision ${end}`);
  const revisions = log.map(({ state }) => state.revision);
  const systemMessages = log.filter(({ kind }) => kind === systemKind);
  if (new Set(revisions).size !== systemMessages.length) wrong.push('has revisions without a system message');
  if (!revisions.includes(group.name.revision)) wrong.push('has a name from an unknown revision');
  for (const [userId, member] of Object.entries(group.members)) {
    // Initial participants joined with the first entry.
    const came = log[Math.max(1, member.q) - 1];
    if (came?.kind !== systemKind || came.state.revision !== member.v || came.state.count !== member.n) {
      wrong.push(`${userId} joined without an entry`);
    }
    const membership = memberships.get(userId);
    if (membership === undefined || membership.leftAt !== undefined) wrong.push(`${userId} has no membership`);
    else if (membership.revision !== member.v || membership.sinceCount !== member.n) {
      wrong.push(`${userId} has a membership from another time of joining`);
    }
  }
  for (const [userId, { leftAt, revision }] of memberships) {
    if (group.members[userId] !== undefined) continue;
    if (leftAt === undefined || revision === undefined)
      wrong.push(`${userId} has a membership but is not a participant`);
    else if (!revisions.includes(revision)) wrong.push(`${userId} left without an entry`);
  }
  const isLed = Object.values(group.members).some(({ r }) => r === 'a');
  if (Object.keys(group.members).length > 0 && !isLed) wrong.push('has no admin');
  return wrong;
}
