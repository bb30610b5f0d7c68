/** One entry of a conversation's log. What is written stays; the log is the truth, everything else a projection of it. */
export interface LogEntry {
  /** From 1, without gaps. */
  readonly seq: number;
  /** Made anew for each attempt to write: tells an own write, whose answer was lost, from another's. */
  readonly entryId: string;
  readonly kind: 'message';
  readonly senderId: string;
  readonly clientMessageId: string;
  /** Milliseconds since the epoch; never before the previous entry's. */
  readonly createdAt: number;
  /** Keyed digest of the content: recognises a repetition, and proves the content in the hash chain. */
  readonly digest: Uint8Array;
  /** Encrypted content. */
  readonly content: Uint8Array;
  /** Connection that it was sent from, which needs no echo. */
  readonly origin: string | undefined;
  /** State of the conversation after this entry. */
  readonly state: LogState;
  /** Links the entry to all before it. */
  readonly hash: Uint8Array;
}

/** What every entry says about the conversation as it is after it. */
export interface LogState {
  /** Entries so far that count for unread counts. */
  readonly count: number;
}

export const emptyState: LogState = { count: 0 };
