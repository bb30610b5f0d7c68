import type { HistoryVisibility, ParticipantRole } from '../../contract/schemas/conversation.ts';

/**
 * A conversation's own facts, stored at `keys.conversation`. A direct conversation's never change. A group's change only
 * in one transaction with an entry of the log, which has the same `revision`: whoever knows the log's end knows whether
 * the item is of that moment.
 */
export interface ConversationItem {
  readonly kind: 'direct' | 'group';
  /** Who takes part, by user id. */
  readonly members: Readonly<Record<string, Member>>;
  /** 0 at the start of a direct conversation, 1 at that of a group, one more with each change. */
  readonly revision: number;
  readonly createdBy: string;
  readonly createdAt: number;
  /** Of a group: its name, encrypted. The revision that brought it is part of its place. */
  readonly name?: { readonly revision: number; readonly value: Uint8Array };
  readonly history?: HistoryVisibility;
  /** Who left with this revision. */
  readonly left?: readonly string[];
  /** Of a group: when the revision came. Milliseconds since the epoch. */
  readonly revisedAt?: number;
}

/** What people see of a conversation. */
export type ConversationFacts = Omit<ConversationItem, 'createdBy'>;

/** Names of one letter keep a group of 500 at about 30 KB. */
export interface Member {
  /** role: admin or member */
  readonly r: 'a' | 'm';
  /** Number of the entry with which they came; 0 for those who were there from the start. */
  readonly q: number;
  /** The log's running count at that entry: what was written before is never unread. */
  readonly n: number;
  /** The revision with which they came. */
  readonly v: number;
  /** When they came, in milliseconds since the epoch. */
  readonly t: number;
}

export function roleOf(member: Member): ParticipantRole {
  return member.r === 'a' ? 'admin' : 'member';
}

/** The participants' user ids, in the order in which they joined. A map of the table has no order of its own. */
export function participantIdsOf({ members }: Pick<ConversationItem, 'members'>): readonly string[] {
  return Object.entries(members)
    .sort(([one, { q: first }], [other, { q: second }]) => first - second || (one < other ? -1 : 1))
    .map(([userId]) => userId);
}

/** Whether the user takes part. */
export function memberOf(item: Pick<ConversationItem, 'members'>, userId: string): Member | undefined {
  return Object.hasOwn(item.members, userId) ? item.members[userId] : undefined;
}

/** Number of the first entry that a member may see. */
export function firstVisible(item: Pick<ConversationItem, 'history'>, member: Member): number {
  return item.history === 'since-joining' ? Math.max(1, member.q) : 1;
}

/**
 * How far a participant has come. Watermarks only ever rise. Stored at `keys.participant`, from the first time on that
 * there is something to store.
 */
export interface ParticipantItem {
  readonly userId: string;
  readonly deliveredSeq: number;
  readonly readSeq: number;
  /** Value of the log's running count at `readSeq`: unread is the difference to the newest. */
  readonly readCount: number;
  /** Messages of others up to `readSeq` that the user marked as unread. Nobody else is told. */
  readonly markedUnread?: number;
}

/** That a user takes part. Stored at `keys.membership`; of a group a projection of its item. */
export interface MembershipItem {
  readonly conversationId: string;
  readonly joinedAt: number;
  /** Of a direct conversation: the other one. With that, lists know all of it that never changes. */
  readonly otherId?: string;
  /** Of the group's item with which the user came or left; absent for direct conversations. */
  readonly revision?: number;
  /** Of a group: the member's `n`, which spares counting what is unread the reading of the group's item. */
  readonly sinceCount?: number;
  /** Set when the user takes part no longer: what is left tells the user's other devices. */
  readonly leftAt?: number;
}

/** What is known of a direct conversation by the membership of one of its two people. */
export function directFacts(userId: string, { otherId, joinedAt }: MembershipItem): ConversationFacts | undefined {
  return otherId === undefined ? undefined : direct([userId, otherId], joinedAt);
}

/** A conversation of two people, who are equals in it from its beginning. */
export function direct(people: readonly [string, string], createdAt: number): ConversationFacts {
  const member: Member = { r: 'm', q: 0, n: 0, v: 0, t: createdAt };
  return { kind: 'direct', members: Object.fromEntries(people.map((one) => [one, member])), revision: 0, createdAt };
}
