export interface SeenMessage {
  readonly seq: number;
  readonly senderId: string;
  readonly clientMessageId: string;
  /** JSON, without fields that differ between users. */
  readonly shown: string;
}

export interface SentMessage {
  readonly senderId: string;
  /** The sending device. */
  readonly writer: string;
  readonly clientMessageId: string;
  readonly text: string;
  readonly acks: readonly number[];
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
  readonly acks: readonly number[];
  readonly confirmed: boolean;
  readonly refused: boolean;
}

export interface LoggedChange extends MessageChange {
  /** ISO 8601. */
  readonly at: string;
}

export interface LoggedEntry {
  readonly seq: number;
  /** With its changes applied; undefined for changes. */
  readonly message: SeenMessage | undefined;
  readonly original?: string | undefined;
  readonly change?: LoggedChange | undefined;
}

export interface ReceivedMessages {
  readonly observer: string;
  /** `live` includes catching up. */
  readonly way: 'live' | 'resume' | 'history';
  /** The client must receive everything after it. */
  readonly after: number;
  readonly messages: readonly SeenMessage[];
  /** Without it, the received messages must equal the log. */
  readonly held?: readonly SeenMessage[];
}

export interface ConversationHistory {
  readonly conversationId: string;
  readonly sent: readonly SentMessage[];
  readonly changes?: readonly SentChange[];
  readonly log: readonly LoggedEntry[];
  readonly received: readonly ReceivedMessages[];
}
