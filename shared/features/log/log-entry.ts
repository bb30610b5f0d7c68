import type { allServerEvents } from '../../contract/events/server-events.ts';
import type { busEvents } from '../../contract/events/events.ts';
import type { ServerEventData } from '../../contract/kit/define-server-event.ts';
import type { Message } from '../../contract/schemas/message.ts';

/**
 * One entry of a conversation's log. Except for `changes`, an entry is never rewritten. The log is the source of truth;
 * everything else is a projection of it.
 */
export interface LogEntry {
  /** From 1, without gaps. */
  readonly seq: number;
  /** Unique for each attempt to write, so that a writer whose reply was lost recognises its own entry in the slot. */
  readonly entryId: string;
  readonly kind: EntryKind;
  readonly senderId: string;
  readonly clientMessageId: string;
  /** Milliseconds since the epoch; never before the previous entry's. */
  readonly createdAt: number;
  /** The number of the message that the entry changes, if it changes one. */
  readonly target: number | undefined;
  /** The projector delivers an urgent entry to every participant a second time. */
  readonly urgent: boolean;
  /** Keyed digest of the content. Identifies repeated sends, and links the content to the hash chain. */
  readonly digest: Uint8Array;
  /** Encrypted content. */
  readonly content: Uint8Array;
  /** The connection that sent the entry. The projector does not deliver the entry to it. */
  readonly origin: string | undefined;
  /** State of the conversation after this entry. */
  readonly state: LogState;
  /** Links the entry to all before it. */
  readonly hash: Uint8Array;
  /** The result of later entries that change this one. The hash chain covers those entries, but not the result. */
  readonly changes: EntryChanges;
}

/** The state of a conversation after an entry. */
export interface LogState {
  /** Number of entries so far that count as unread, including messages that were deleted since. */
  readonly count: number;
  /** Revision of the conversation's item. An item with a different revision is older or newer than this entry. */
  readonly revision: number;
}

export const emptyState: LogState = { count: 0, revision: 0 };

/** The revision of the conversation's item at the latest change that the entry shows. */
export function revisionOf({ state, changes }: Pick<LogEntry, 'state' | 'changes'>): number {
  return Math.max(state.revision, changes.revision ?? 0);
}

/** Changes of a message since it was written. */
export interface EntryChanges {
  /** The number of the last entry that changed the message; the message's own number if none did. */
  readonly updatedSeq: number;
  /** The revision of the conversation's item at that entry. Absent if it is 0, or if no entry changed the message. */
  readonly revision?: number;
  /** The newest edit. `content` is the encrypted content of its entry. */
  readonly edit?: { readonly seq: number; readonly at: number; readonly content: Uint8Array };
  /** Numbers of the latest edits, ascending, at most `rememberedEdits`. */
  readonly edits?: readonly number[];
  readonly deletion?: { readonly seq: number; readonly at: number; readonly by: string };
  readonly reactions: Reactions;
}

/** User ids by emoji, in the order of their reactions. The emojis themselves have no order. */
export type Reactions = Readonly<Record<string, readonly string[]>>;

/** The users who may read an entry. Others receive an opaque event with its number and no content. */
export type Audience = 'everyone' | 'agents';

/** The server event of an entry, named by its type. An event that carries the message needs no function for its data. */
export type EntryServerEvent<Content> = {
  readonly [Type in LastingServerEvent['type']]: Message extends EventData<Type>
    ? { readonly type: Type; data?(entry: AnnouncedEntry<Content>): EventData<Type> }
    : { readonly type: Type; data(entry: AnnouncedEntry<Content>): EventData<Type> };
}[LastingServerEvent['type']];
type LastingServerEvent = Extract<(typeof allServerEvents)[number], { readonly lasting: true }>;
type EventData<Type> = ServerEventData<Extract<LastingServerEvent, { type: Type }>>;

/** An entry with the values that a server event can carry. */
export interface AnnouncedEntry<Content> {
  readonly conversationId: string;
  readonly entry: LogEntry;
  /** The message that the entry changes, with the change; otherwise the entry itself. */
  readonly subject: LogEntry;
  readonly content: () => Content;
}

/**
 * A kind of entry. Each kind is one value in `entry-kinds.ts`; see {@link defineEntryKind}. Its functions are declared
 * as methods, whose parameters TypeScript compares bivariantly, so that an `EntryKind<Content>` is assignable to
 * `EntryKind`.
 */
export interface EntryKind<Content = unknown> {
  /** Part of the hash chain: it can never change. */
  readonly name: string;
  /** The kind in a stored entry: unique, and it can never change. */
  readonly letter: string;
  readonly audience: Audience;
  /** Whether lists and timelines show the entry as a message. */
  readonly isShown: boolean;
  /** A user wrote the entry as a message, which can be edited, deleted, answered, searched and reacted to. */
  readonly isMessage: boolean;
  readonly countsAsUnread: boolean;
  /** Only for a kind that changes a message: the changes of the message that follow from the entry. */
  changesMessage?(message: LogEntry, change: LogEntry, content: Content): Partial<EntryChanges>;
  /** Clients receive `entry.hidden` for a kind without a server event. */
  readonly serverEvent?: EntryServerEvent<Content>;
  /** Nothing is published for a kind without a bus event. */
  readonly busEvent?: (typeof busEvents)[number]['type'];
}
