import type { Conversation } from '../contract/schemas/conversation.ts';
import type { ReceiptState } from '../contract/schemas/receipt.ts';
import { type ChatAction, type ChatState, emptyChat, reduceChat, typingMs } from './chat-state-rules.ts';
import type { ServerEvent } from './server-event.ts';

/** Holds what is known, and tells when it is another. */
export class ChatStore {
  readonly #onChange: (known: ChatState) => void;
  #known: ChatState;
  #typingTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(ownUserId: string, onChange: (known: ChatState) => void) {
    this.#known = emptyChat(ownUserId);
    this.#onChange = onChange;
  }

  get known(): ChatState {
    return this.#known;
  }

  take(action: ChatAction): void {
    const known = reduceChat(this.#known, action);
    if (known === this.#known) return;
    this.#known = known;
    this.#onChange(known);
  }

  event(event: ServerEvent): void {
    this.take({ type: 'event', event, now: Date.now() });
    if (event.type === 'typing.started') this.#endTyping();
  }

  conversations(conversations: readonly Conversation[]): void {
    this.take({ type: 'conversations', conversations });
  }

  /** The own receipts, as the server has them. */
  receipt({ conversationId, unreadCount, lastSeq, ...marks }: ReceiptState): void {
    const data = { receipts: [{ userId: this.#known.ownUserId, ...marks }], unreadCount, lastSeq };
    this.event({ type: 'receipt.updated', conversationId, at: '', data });
  }

  close(): void {
    clearTimeout(this.#typingTimer);
  }

  /** Whoever has not been heard of for a while has stopped, though nobody says so. */
  #endTyping(): void {
    this.#typingTimer ??= setTimeout(() => {
      this.#typingTimer = undefined;
      this.take({ type: 'tick', now: Date.now() });
      if (Object.keys(this.#known.typing).length > 0) this.#endTyping();
    }, typingMs);
  }
}
