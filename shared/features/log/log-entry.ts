/**
 * `message` is what people write; `system` tells in the timeline who came, left, or changed the conversation; the others
 * change a message: they are numbered like all entries, and fold into the message's own entry.
 */
export type EntryKind = 'message' | 'system' | 'edit' | 'deletion' | 'reaction';

/** One entry of a conversation's log. What is written stays; the log is the truth, everything else a projection of it. */
export interface LogEntry {
  /** From 1, without gaps. */
  readonly seq: number;
  /** Made anew for each attempt to write: tells an own write, whose answer was lost, from another's. */
  readonly entryId: string;
  readonly kind: EntryKind;
  readonly senderId: string;
  readonly clientMessageId: string;
  /** Milliseconds since the epoch; never before the previous entry's. */
  readonly createdAt: number;
  /** Of an edit, a deletion and a reaction: the number of the message that it changes. */
  readonly target: number | undefined;
  /** Everybody has to hear of it at once. */
  readonly urgent: boolean;
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
  /** What later entries made of it. Not part of the chain: each of those entries is. */
  readonly changes: EntryChanges;
}

/** What every entry says about the conversation as it is after it. */
export interface LogState {
  /** Entries so far that count for unread counts: messages, also those that were deleted. */
  readonly count: number;
  /** Of the conversation's item: who takes part, the name. An item with another one is not of this moment. */
  readonly revision: number;
}

/** What became of a message since it was written. */
export interface EntryChanges {
  /** The number of the last entry that changed it; of the message itself if none did. */
  readonly updatedSeq: number;
  /** Its newest version: content as the edit's entry has it. */
  readonly edit?: { readonly seq: number; readonly at: number; readonly content: Uint8Array };
  /** Numbers of its latest edits, ascending, as many as can be listed. */
  readonly edits?: readonly number[];
  readonly deletion?: { readonly seq: number; readonly at: number; readonly by: string };
  /** Who reacted, by emoji, in the order of their coming. The emojis themselves have no order. */
  readonly reactions: Reactions;
}
export type Reactions = Readonly<Record<string, readonly string[]>>;

export const emptyState: LogState = { count: 0, revision: 0 };

/** Whether lists show the entry as a message. */
export function isShown(entry: Pick<LogEntry, 'kind'>): boolean {
  return entry.kind === 'message' || entry.kind === 'system';
}
