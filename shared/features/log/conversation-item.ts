import type { HistoryVisibility, ParticipantRole } from '../../contract/schemas/conversation.ts';

/**
 * A conversation, stored at `keys.conversation`, separately from its log. A direct conversation never changes. A group
 * changes only in one transaction with an entry of the log that has the same `revision`, so the newest entry shows
 * whether an item is current.
 */
export type ConversationItem = DirectConversation | GroupConversation;

export interface DirectConversation extends SharedMembers {
  readonly kind: 'direct';
  /** Absent if the item is derived from a membership. */
  readonly createdBy?: string;
}

export interface GroupConversation extends SharedMembers {
  readonly kind: 'group';
  readonly createdBy: string;
  readonly name: SealedName;
  readonly history: HistoryVisibility;
  /** User ids of the participants who left with this revision. */
  readonly left: readonly string[];
  /** Time of this revision, in milliseconds since the epoch. */
  readonly revisedAt: number;
}

interface SharedMembers {
  /** By user id. */
  readonly participants: Participants;
  /** 0 for a direct conversation, 1 for a new group, and 1 more with each change. */
  readonly revision: number;
  readonly createdAt: number;
}

/** The encrypted name of a group. The ciphertext is bound to its revision. */
export interface SealedName {
  readonly revision: number;
  readonly value: Uint8Array;
}

export type Participants = Readonly<Record<string, Participant>>;

export interface Participant {
  readonly role: ParticipantRole;
  /** Number of the entry with which the user joined; 0 for the first participants. */
  readonly joinedSeq: number;
  /** Count of the log at that entry. Earlier entries are never unread. */
  readonly joinedCount: number;
  readonly joinedRevision: number;
  /** Milliseconds since the epoch. */
  readonly joinedAt: number;
}

/**
 * The membership of a user in a conversation, stored at `keys.membership`. For groups it is a projection of the group's
 * item.
 */
export interface MembershipItem {
  readonly conversationId: string;
  readonly joinedAt: number;
  /** Only in direct conversations: the other participant, so that lists need not read the conversation's item. */
  readonly otherId?: string;
  /** Only in groups: the revision with which the user joined or left. */
  readonly revision?: number;
  /** Only in groups: the participant's `joinedCount`, so that counting unread messages does not read the group. */
  readonly sinceCount?: number;
  /** Present after the user left. The membership remains to inform the user's other devices. */
  readonly leftAt?: number;
}

export function participantOf({ participants }: Pick<ConversationItem, 'participants'>, userId: string) {
  return Object.hasOwn(participants, userId) ? participants[userId] : undefined;
}

export function isParticipant(item: Pick<ConversationItem, 'participants'>, userId: string): boolean {
  return Object.hasOwn(item.participants, userId);
}

/** Returns the participants' user ids in the order in which they joined, because a map in the table has no order. */
export function participantIdsOf({ participants }: Pick<ConversationItem, 'participants'>): readonly string[] {
  return Object.entries(participants)
    .sort(([firstId, first], [secondId, second]) => first.joinedSeq - second.joinedSeq || (firstId < secondId ? -1 : 1))
    .map(([userId]) => userId);
}

/** Whether participants, names and settings can change. Access checks may use a cached item only if it cannot. */
export function canChange({ kind }: Pick<ConversationItem, 'kind'>): boolean {
  return kind !== 'direct';
}

/** Creates a conversation of two people with equal rights, who are participants from its beginning. */
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

/** Derives a direct conversation from a membership; undefined for the membership of a group. */
export function directConversationOf(
  userId: string,
  { otherId, joinedAt }: MembershipItem,
): DirectConversation | undefined {
  return otherId === undefined ? undefined : directConversation([userId, otherId], joinedAt);
}
