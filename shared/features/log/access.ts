import type { ParticipantRole } from '../../contract/schemas/conversation.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { canChange, type ConversationItem, participantOf } from './conversation-item.ts';
import type { Audience, LogEntry } from './log-entry.ts';
import type { CountedPosition } from './receipt-rules.ts';

/** The part of a log that a reader may see. */
export interface Visibility {
  /** Number of the first visible entry. */
  readonly visibleFrom: number;
  readonly audiences: readonly Audience[];
}

/** The rights of a user in a conversation. */
export interface Access extends Visibility {
  readonly role: ParticipantRole;
  /** Entries up to this position are never unread. */
  readonly joined: CountedPosition;
  readonly canWrite: boolean;
  /** Whether the user may change participants, name and settings. */
  readonly canManage: boolean;
}

/**
 * The user whose access is decided. Only the id is needed, because recipients of server events are known only by their
 * id.
 */
export type Reader = Pick<Principal, 'userId'>;

/**
 * Returns the access of a user to a conversation, or undefined if the user has none. Every access check uses this
 * function. The result is only as current as the item, so read the item again before you deny access.
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
 * Whether a reader may see an entry. A change of a message that the reader may not see is not visible either.
 * @param changed - the message that the entry changes, if it changes one.
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
