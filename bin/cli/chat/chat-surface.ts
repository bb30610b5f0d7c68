import type { PendingMessage } from '../../../shared/client/pending-message.ts';
import type { ConnectionState } from '../../../shared/client/socket.ts';
import type { Message } from '../../../shared/contract/schemas/message.ts';

/** A message with who wrote it. */
export interface ShownMessage {
  readonly message: Message;
  readonly from: string;
  readonly own: boolean;
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
  /** Something to tell that is no message. */
  note(text: string): void;
  close(): void;
}
