/** What became of messages, as everybody who had to do with them saw it. */

/** A message as somebody saw it. Where the system shows it differently to different people, `shown` leaves that out. */
export interface SeenMessage {
  readonly seq: number;
  readonly senderId: string;
  readonly clientMessageId: string;
  /** Everything that must be the same for everybody, as one text: the message as it was then, in JSON. */
  readonly shown: string;
}

/** A message that somebody sent, in one or more attempts. */
export interface SentMessage {
  readonly senderId: string;
  /** The device that it was written on: the order of each is kept. */
  readonly writer: string;
  readonly clientMessageId: string;
  readonly text: string;
  /** The number that each answer named. */
  readonly acks: readonly number[];
  /** True once the sender was told that it was not taken, and gave up. */
  readonly refused: boolean;
}

export type ChangeKind = 'edit' | 'deletion' | 'reaction';

/** What a change says: the text of an edit, the emoji of a reaction and whether it came or went. */
export interface ChangeFacts {
  readonly kind: ChangeKind;
  readonly senderId: string;
  /** The number of the message that it changes. */
  readonly target: number;
  readonly text?: string | undefined;
  readonly emoji?: string | undefined;
  readonly added?: boolean | undefined;
}

/** A change that somebody asked for, in one or more attempts. */
export interface SentChange extends ChangeFacts {
  readonly writer: string;
  /** The number of the change’s entry, where an answer named it. */
  readonly acks: readonly number[];
  /** True once the sender was told that it is so now. */
  readonly confirmed: boolean;
  readonly refused: boolean;
}

/** A change as the log has it. */
export interface LoggedChange extends ChangeFacts {
  /** ISO 8601. */
  readonly at: string;
}

export interface LoggedEntry {
  readonly seq: number;
  /** The message as it is now, with what its changes made of it. Entries that are no messages of their own have none. */
  readonly message: SeenMessage | undefined;
  /** What it said when it was written, where that can still be read. */
  readonly original?: string | undefined;
  readonly change?: LoggedChange | undefined;
}

/** What one client was told of a conversation, in the order in which it was. */
export interface Told {
  readonly observer: string;
  /** Live and catching up together, as an application sees it; pages of a resume; pages of the history. */
  readonly way: 'live' | 'resume' | 'history';
  /** It was to be told of everything after this number. */
  readonly after: number;
  readonly messages: readonly SeenMessage[];
  /** All that it knows in the end. Without it, what was told must be what there is. */
  readonly held?: readonly SeenMessage[];
}

export interface ConversationHistory {
  readonly conversationId: string;
  /** In the order in which each writer sent. */
  readonly sent: readonly SentMessage[];
  /** In the order in which each writer asked for them. */
  readonly changes?: readonly SentChange[];
  /** The log, read to its end when everything had settled. */
  readonly log: readonly LoggedEntry[];
  readonly told: readonly Told[];
}
