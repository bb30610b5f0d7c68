import type { ParticipantRole } from '../../contract/schemas/conversation.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { canChange, type ConversationItem, participantOf, type SupportConversation } from './conversation-item.ts';
import type { Audience, LogEntry } from './log-entry.ts';
import type { CountedPosition } from './receipt-rules.ts';
import type { SupportState } from './support-state.ts';

export interface Visibility {
  readonly visibleFrom: number;
  readonly audiences: readonly Audience[];
}

export interface Access extends Visibility {
  readonly role: ParticipantRole | 'agent';
  /** Entries up to here are never unread. */
  readonly joined: CountedPosition;
  readonly canWrite: boolean;
  readonly canManage: boolean;
}

/** Without a role, the reader has the rights of a participant only. */
export interface Reader extends Pick<Principal, 'userId'>, Partial<Pick<Principal, 'role'>> {
  /** Ids of an agent's teams. */
  readonly teams?: readonly string[];
}

/**
 * Undefined without access. Every access check uses this function. Read a possibly stale item again before you deny
 * access.
 */
export function accessTo(item: ConversationItem, reader: Reader): Access | undefined {
  const participant = participantOf(item, reader.userId);
  if (participant === undefined) return item.kind === 'support' ? accessOfDesk(item, reader) : undefined;
  const { role, joinedSeq: seq, joinedCount: count } = participant;
  const isLimited = item.kind === 'group' && item.history === 'since-joining';
  return {
    role,
    visibleFrom: isLimited ? Math.max(1, seq) : 1,
    audiences: ['everyone'],
    joined: { seq, count },
    canWrite: true,
    canManage: canChange(item) && role === 'admin',
  };
}

const ofDesk: Access = {
  role: 'agent',
  visibleFrom: 1,
  audiences: ['everyone', 'agents'],
  joined: { seq: 0, count: 0 },
  canWrite: true,
  canManage: true,
};

function accessOfDesk({ support }: SupportConversation, reader: Reader): Access | undefined {
  return isReachable(support, reader) ? ofDesk : undefined;
}

/** Decides about the access of agents. */
export type Placement = Pick<SupportState, 'teamId' | 'assigneeId'>;

/** Agents reach their own conversations, those of their teams and those without a team. Admins reach all. */
export function isReachable({ teamId, assigneeId }: Placement, { userId, role, teams = [] }: Reader): boolean {
  if (role === 'admin') return true;
  return role === 'agent' && (teamId === undefined || assigneeId === userId || teams.includes(teamId));
}

/** Whether some agents may lose access by a change. */
export function narrowsAccess(before: Placement, next: Placement): boolean {
  if (next.teamId === undefined) return false;
  const hasLostAgent = before.assigneeId !== undefined && before.assigneeId !== next.assigneeId;
  return before.teamId !== next.teamId || hasLostAgent;
}

/**
 * A change of an invisible message is not visible either.
 * @param changed - the message that the entry changes, if any.
 */
export function isVisible(
  entry: Pick<LogEntry, 'seq' | 'kind' | 'target'>,
  { visibleFrom, audiences }: Visibility,
  changed?: Pick<LogEntry, 'kind'>,
): boolean {
  return (
    entry.seq >= visibleFrom &&
    (entry.target ?? visibleFrom) >= visibleFrom &&
    audiences.includes(entry.kind.audience) &&
    audiences.includes((changed ?? entry).kind.audience)
  );
}
