/** What became of messages, as everybody who had to do with them saw it. */

/** A message as somebody saw it. Where the system shows it differently to different people, `shown` leaves that out. */
export interface SeenMessage {
  readonly seq: number;
  readonly senderId: string;
  readonly clientMessageId: string;
  /** Everything that must be the same for everybody, as one text. */
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

/** What one client was told of a conversation, in the order in which it was. */
export interface Told {
  readonly observer: string;
  /** Live and catching up together, as an application sees it; pages of a resume; pages of the history. */
  readonly way: 'live' | 'resume' | 'history';
  /** It was to be told of everything after this number. */
  readonly after: number;
  readonly messages: readonly SeenMessage[];
}

export interface ConversationHistory {
  readonly conversationId: string;
  /** In the order in which each writer sent. */
  readonly sent: readonly SentMessage[];
  /** The log, read to its end when everything had settled. Entries that are no messages of their own have none. */
  readonly log: readonly { readonly seq: number; readonly message: SeenMessage | undefined }[];
  readonly told: readonly Told[];
}
