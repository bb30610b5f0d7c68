import type { ParticipantRole } from '../../contract/schemas/conversation.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { canChange, type ConversationItem, participantOf } from './conversation-item.ts';
import type { Audience, LogEntry } from './log-entry.ts';
import type { CountedPosition } from './receipt-rules.ts';

export interface Visibility {
  readonly visibleFrom: number;
  readonly audiences: readonly Audience[];
}

export interface Access extends Visibility {
  readonly role: ParticipantRole;
  /** Entries up to here are never unread. */
  readonly joined: CountedPosition;
  readonly canWrite: boolean;
  readonly canManage: boolean;
}

export type Reader = Pick<Principal, 'userId'>;

/**
 * Undefined without access. Every access check uses this function. Read a possibly stale item again before you deny
 * access.
 */
export function accessTo(item: ConversationItem, { userId }: Reader): Access | undefined {
  const participant = participantOf(item, userId);
  if (participant === undefined) return undefined;
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
