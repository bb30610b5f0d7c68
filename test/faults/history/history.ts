export interface SeenMessage {
  readonly seq: number;
  readonly senderId: string;
  readonly clientMessageId: string;
  /** The message at that time in JSON, without fields that differ between users. */
  readonly shown: string;
}

export interface SentMessage {
  readonly senderId: string;
  /** The sending device. The log must keep the order of each device. */
  readonly writer: string;
  readonly clientMessageId: string;
  readonly text: string;
  /** The number in each answer. */
  readonly acks: readonly number[];
  /** True if the sender received a rejection and gave up. */
  readonly refused: boolean;
}

export type ChangeKind = 'edit' | 'deletion' | 'reaction';

export interface MessageChange {
  readonly kind: ChangeKind;
  readonly senderId: string;
  readonly target: number;
  readonly text?: string | undefined;
  readonly emoji?: string | undefined;
  readonly added?: boolean | undefined;
}

export interface SentChange extends MessageChange {
  readonly writer: string;
  /** The number of the change’s entry in each answer that has one. */
  readonly acks: readonly number[];
  /** True if the sender received a success. */
  readonly confirmed: boolean;
  readonly refused: boolean;
}

export interface LoggedChange extends MessageChange {
  /** ISO 8601. */
  readonly at: string;
}

export interface LoggedEntry {
  readonly seq: number;
  /** The message with its changes applied; undefined for entries that are changes. */
  readonly message: SeenMessage | undefined;
  /** The original text, if it can still be read. */
  readonly original?: string | undefined;
  readonly change?: LoggedChange | undefined;
}

/** The messages of a conversation that one client received, in this order. */
export interface ReceivedMessages {
  readonly observer: string;
  /** `live` includes catching up, as an application sees it. `resume` and `history` are pages. */
  readonly way: 'live' | 'resume' | 'history';
  /** The client must receive everything after this number. */
  readonly after: number;
  readonly messages: readonly SeenMessage[];
  /** All messages that the client has in the end. Without it, the received messages must equal the log. */
  readonly held?: readonly SeenMessage[];
}

export interface ConversationHistory {
  readonly conversationId: string;
  /** In the order in which each writer sent. */
  readonly sent: readonly SentMessage[];
  /** In the order in which each writer requested them. */
  readonly changes?: readonly SentChange[];
  /** The log, read to its end when everything had settled. */
  readonly log: readonly LoggedEntry[];
  readonly received: readonly ReceivedMessages[];
}
