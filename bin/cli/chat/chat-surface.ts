import type { PendingMessage } from '../../../shared/client/pending-message.ts';
import type { ConnectionState } from '../../../shared/client/socket.ts';
import type { Message } from '../../../shared/contract/schemas/message.ts';
import type { Presence } from '../../../shared/contract/schemas/presence.ts';

/** A message with who wrote it. */
export interface ShownMessage {
  readonly message: Message;
  readonly from: string;
  readonly own: boolean;
  /** The name of anybody whom the message mentions in some way; `you` for the user. */
  readonly nameOf: (userId: string) => string;
  /** Whether to show its number, by which commands take it. */
  readonly isNumbered: boolean;
}

/** What goes on around the messages. */
export interface Surroundings {
  /** Names of the others who are typing. */
  readonly typing: readonly string[];
  /** The others, as far as it is known whether they are there. */
  readonly presence: readonly (Presence & { readonly name: string })[];
  /** How many others there are. */
  readonly others: number;
  /** The newest own message, and how far it has come. */
  readonly lastOwn?: { readonly seq: number; readonly status: Message['status'] };
}

/** Where a chat is shown. */
export interface ChatSurface {
  /** Messages of before, in order. */
  history(messages: readonly ShownMessage[]): void;
  /** A new message: each once, in order. */
  message(message: ShownMessage): void;
  /** A message that was shown was edited, deleted or reacted to; here it is as it is now. */
  changed(message: ShownMessage): void;
  /** Own messages on their way, oldest first. Those that are stored come as messages. */
  pending(pending: readonly PendingMessage[]): void;
  /** An own message was refused for good. */
  failed(message: PendingMessage): void;
  state(state: ConnectionState): void;
  /** Something of this is another now. */
  around(surroundings: Surroundings): void;
  /** What the conversation is called has changed. */
  title(title: string): void;
  /** Something to tell that is no message. */
  note(text: string): void;
  close(): void;
}
