import type { allServerEvents } from '../../contract/events/server-events.ts';
import type { busEvents } from '../../contract/events/events.ts';
import type { ServerEventData } from '../../contract/kit/define-server-event.ts';
import type { Message } from '../../contract/schemas/message.ts';
import type { SupportStateView } from '../../contract/schemas/support.ts';

/** Never rewritten, except for `changes`. The log is the source of truth; everything else is a projection of it. */
export interface LogEntry {
  /** From 1, without gaps. */
  readonly seq: number;
  /** Unique for each attempt, so that a writer whose reply was lost recognises its entry. */
  readonly entryId: string;
  readonly kind: EntryKind;
  readonly senderId: string;
  readonly clientMessageId: string;
  /** Milliseconds since the epoch; never before the previous entry's. */
  readonly createdAt: number;
  /** Number of the message that the entry changes. */
  readonly target: number | undefined;
  /** The projector delivers it to every participant again, in case the function that wrote it failed before it did. */
  readonly deliversAgain: boolean;
  /** Keyed digest of the content. */
  readonly digest: Uint8Array;
  /** Encrypted. */
  readonly content: Uint8Array;
  /** The sending connection. The projector skips it. */
  readonly origin: string | undefined;
  readonly state: LogState;
  readonly hash: Uint8Array;
  /** The result of later entries. The hash chain does not cover it. */
  readonly changes: EntryChanges;
  /** The entry belongs to a support conversation, whose content has keys of its own. */
  readonly isOfSupport?: true;
  /** The state of the support conversation after the entry. Present if the entry changed it. */
  readonly support?: SupportStateView;
}

export interface LogState {
  /** Entries so far that count as unread, including deleted messages. */
  readonly count: number;
  readonly revision: number;
}

export const emptyState: LogState = { count: 0, revision: 0 };

/** At the latest change that the entry shows. */
export function revisionOf({ state, changes }: Pick<LogEntry, 'state' | 'changes'>): number {
  return Math.max(state.revision, changes.revision ?? 0);
}

export interface EntryChanges {
  /** The last entry that changed the message; its own number if none did. */
  readonly updatedSeq: number;
  /** The item's revision at that entry. Absent if it is 0, or without a change. */
  readonly revision?: number;
  /** `content` is encrypted. */
  readonly edit?: { readonly seq: number; readonly at: number; readonly content: Uint8Array };
  /** The latest, ascending, at most `rememberedEdits`. */
  readonly edits?: readonly number[];
  readonly deletion?: { readonly seq: number; readonly at: number; readonly by: string };
  readonly reactions: Reactions;
}

/** User ids by emoji, in the order of their reactions. */
export type Reactions = Readonly<Record<string, readonly string[]>>;

/** Other users receive an event with only the entry's number. */
export type Audience = 'everyone' | 'agents';

export type EntryServerEvent<Content> = {
  readonly [Type in LastingServerEvent['type']]: Message extends EventData<Type>
    ? { readonly type: Type; data?(entry: AnnouncedEntry<Content>): EventData<Type> }
    : { readonly type: Type; data(entry: AnnouncedEntry<Content>): EventData<Type> };
}[LastingServerEvent['type']];
type LastingServerEvent = Extract<(typeof allServerEvents)[number], { readonly lasting: true }>;
type EventData<Type> = ServerEventData<Extract<LastingServerEvent, { type: Type }>>;

export interface AnnouncedEntry<Content> {
  readonly conversationId: string;
  readonly entry: LogEntry;
  /** The changed message; otherwise the entry itself. */
  readonly subject: LogEntry;
  readonly content: () => Content;
}

/**
 * See {@link defineEntryKind}. TypeScript compares the parameters of methods bivariantly, so that an
 * `EntryKind<Content>` is assignable to `EntryKind`.
 */
export interface EntryKind<Content = unknown> {
  /** Part of the hash chain: it can never change. */
  readonly name: string;
  /** Stored, unique; it can never change. */
  readonly letter: string;
  readonly audience: Audience;
  /** In lists and timelines. */
  readonly isShown: boolean;
  readonly isMessage: boolean;
  readonly countsAsUnread: boolean;
  changesMessage?(message: LogEntry, change: LogEntry, content: Content): Partial<EntryChanges>;
  /** Without it, clients receive `entry.hidden`. */
  readonly serverEvent?: EntryServerEvent<Content>;
  readonly busEvent?: (typeof busEvents)[number]['type'];
}
