import type { HistoryVisibility, ParticipantRole } from '../../contract/schemas/conversation.ts';
import type { SupportState } from './support-state.ts';

/**
 * A group changes only in one transaction with a log entry of the same `revision`, so the newest entry shows whether an
 * item is current.
 */
export type ConversationItem = DirectConversation | GroupConversation | SupportConversation;

export interface DirectConversation extends SharedMembers {
  readonly kind: 'direct';
  /** Absent if the item derives from a membership. */
  readonly createdBy?: string;
}

export interface GroupConversation extends SharedMembers {
  readonly kind: 'group';
  readonly createdBy: string;
  readonly name: SealedName;
  readonly history: HistoryVisibility;
  /** User ids of those who left with this revision. */
  readonly left: readonly string[];
  /** Milliseconds since the epoch. */
  readonly revisedAt: number;
}

/** Participants are customers only. Agents have access by their role and teams. */
export interface SupportConversation extends SharedMembers {
  readonly kind: 'support';
  readonly createdBy: string;
  readonly support: SupportState;
  readonly sealed: SealedTexts;
  readonly incidentId?: string;
  readonly templateId?: string;
  /** Numbers of the latest entries that assigned or unassigned, ascending. */
  readonly assignments: readonly number[];
  /** Time of this revision, in milliseconds since the epoch. */
  readonly revisedAt: number;
  /** When the conversation needs the service next, in milliseconds since the epoch. */
  readonly wakeAt?: number;
}

/** Encrypted under the conversation's key and bound to the revision. */
export interface SealedTexts {
  readonly revision: number;
  readonly value: Uint8Array;
}

interface SharedMembers {
  /** By user id. */
  readonly participants: Participants;
  /** 0 for a direct conversation; a group starts at 1. */
  readonly revision: number;
  readonly createdAt: number;
}

/** The ciphertext is bound to its revision. */
export interface SealedName {
  readonly revision: number;
  readonly value: Uint8Array;
}

export type Participants = Readonly<Record<string, Participant>>;

export interface Participant {
  readonly role: ParticipantRole;
  /** 0 for the first participants. */
  readonly joinedSeq: number;
  /** Count of the log at that entry. */
  readonly joinedCount: number;
  readonly joinedRevision: number;
  /** Milliseconds since the epoch. */
  readonly joinedAt: number;
}

/** For groups, a projection of the group's item. */
export interface MembershipItem {
  readonly conversationId: string;
  readonly joinedAt: number;
  /** Only in direct conversations. */
  readonly otherId?: string;
  /** Only in groups: the revision of joining or leaving. */
  readonly revision?: number;
  /** Only in groups: `joinedCount`. */
  readonly sinceCount?: number;
  /** The membership remains to inform the user's other devices. */
  readonly leftAt?: number;
}

export function participantOf({ participants }: Pick<ConversationItem, 'participants'>, userId: string) {
  return Object.hasOwn(participants, userId) ? participants[userId] : undefined;
}

export function isParticipant(item: Pick<ConversationItem, 'participants'>, userId: string): boolean {
  return Object.hasOwn(item.participants, userId);
}

/** Sorted by time of joining. */
export function participantIdsOf({ participants }: Pick<ConversationItem, 'participants'>): readonly string[] {
  return Object.entries(participants)
    .sort(([firstId, first], [secondId, second]) => first.joinedSeq - second.joinedSeq || (firstId < secondId ? -1 : 1))
    .map(([userId]) => userId);
}

/** Access checks may use a cached item only if it cannot change. */
export function canChange({ kind }: Pick<ConversationItem, 'kind'>): boolean {
  return kind !== 'direct';
}

export function directConversation(people: readonly [string, string], createdAt: number): DirectConversation {
  const participant: Participant = {
    role: 'member',
    joinedSeq: 0,
    joinedCount: 0,
    joinedRevision: 0,
    joinedAt: createdAt,
  };
  return {
    kind: 'direct',
    participants: Object.fromEntries(people.map((userId) => [userId, participant])),
    revision: 0,
    createdAt,
  };
}

/** Undefined for the membership of a group. */
export function directConversationOf(
  userId: string,
  { otherId, joinedAt }: MembershipItem,
): DirectConversation | undefined {
  return otherId === undefined ? undefined : directConversation([userId, otherId], joinedAt);
}
