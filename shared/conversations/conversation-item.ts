/** A conversation's own facts, which never change; what changes is in its log. Stored at `keys.conversation`. */
export interface ConversationItem {
  readonly kind: 'direct';
  readonly participantIds: readonly string[];
  readonly createdBy: string;
  readonly createdAt: number;
}

/** How far a participant has come. Watermarks only ever rise. Stored at `keys.participant`. */
export interface ParticipantItem {
  readonly userId: string;
  readonly role: 'member' | 'admin';
  readonly deliveredSeq: number;
  readonly readSeq: number;
  /** Value of the log's running count at `readSeq`: unread is the difference to the newest. */
  readonly readCount: number;
}

/** That a user takes part. Stored at `keys.membership`. */
export interface MembershipItem {
  readonly conversationId: string;
  readonly joinedAt: number;
}
