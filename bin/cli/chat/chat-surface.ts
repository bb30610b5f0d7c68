import type { PendingMessage } from '../../../shared/client/pending-message.ts';
import type { ConnectionState } from '../../../shared/client/socket.ts';
import type { Message } from '../../../shared/contract/schemas/message.ts';
import type { Presence } from '../../../shared/contract/schemas/presence.ts';

export interface ShownMessage {
  readonly message: Message;
  readonly from: string;
  readonly own: boolean;
  /** The name of a user in the message, or `you`. */
  readonly nameOf: (userId: string) => string;
  /** Whether to show the number that commands accept. */
  readonly isNumbered: boolean;
}

/** The state of a chat besides its messages. */
export interface ChatActivity {
  readonly typing: readonly string[];
  /** The other participants whose presence the client knows. */
  readonly presence: readonly (Presence & { readonly name: string })[];
  readonly others: number;
  readonly lastOwn?: { readonly seq: number; readonly status: Message['status'] };
}

/** Displays a chat: on a terminal, as lines or as JSON. */
export interface ChatSurface {
  history(messages: readonly ShownMessage[]): void;
  /** Shows a new message. Called once for each, in order. */
  message(message: ShownMessage): void;
  /** Shows the current version of a message that was edited, deleted or reacted to. */
  changed(message: ShownMessage): void;
  pending(pending: readonly PendingMessage[]): void;
  /** Shows a message of the user that the server rejected permanently. */
  failed(message: PendingMessage): void;
  state(state: ConnectionState): void;
  activity(activity: ChatActivity): void;
  title(title: string): void;
  /** Shows a text that is not a message, such as the answer to a command. */
  note(text: string): void;
  close(): void;
}
