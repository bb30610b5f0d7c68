import type { PendingMessage } from '../../../shared/client/pending-message.ts';
import type { HelpState } from '../../../shared/client/support.ts';
import type { ConnectionState } from '../../../shared/client/socket.ts';
import type { Message } from '../../../shared/contract/schemas/message.ts';
import type { Presence } from '../../../shared/contract/schemas/presence.ts';

export interface ShownMessage {
  readonly message: Message;
  readonly from: string;
  readonly own: boolean;
  /** `you` for the user of the chat. */
  readonly nameOf: (userId: string) => string;
  readonly isNumbered: boolean;
}

export interface ChatActivity {
  readonly typing: readonly string[];
  readonly presence: readonly (Presence & { readonly name: string })[];
  readonly others: number;
  readonly lastOwn?: {
    readonly seq: number;
    readonly status: Message['status'];
    /** Of a customer's message to the desk. */
    readonly help?: HelpState;
  };
}

export interface ChatSurface {
  history(messages: readonly ShownMessage[]): void;
  /** Called once for each new message, in order. */
  message(message: ShownMessage): void;
  changed(message: ShownMessage): void;
  pending(pending: readonly PendingMessage[]): void;
  failed(message: PendingMessage): void;
  state(state: ConnectionState): void;
  activity(activity: ChatActivity): void;
  title(title: string): void;
  note(text: string): void;
  close(): void;
}
