import type { Conversation } from '../contract/schemas/conversation.ts';
import type { ReceiptState } from '../contract/schemas/receipt.ts';
import { type ChatAction, type ChatState, emptyChat, reduceChat, typingMs } from './chat-state-rules.ts';
import type { ServerEvent } from './server-event.ts';

export class ChatStore {
  readonly #onChange: (state: ChatState) => void;
  #state: ChatState;
  #typingTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(ownUserId: string, onChange: (state: ChatState) => void) {
    this.#state = emptyChat(ownUserId);
    this.#onChange = onChange;
  }

  get state(): ChatState {
    return this.#state;
  }

  dispatch(action: ChatAction): void {
    const state = reduceChat(this.#state, action);
    if (state === this.#state) return;
    this.#state = state;
    this.#onChange(state);
  }

  apply(event: ServerEvent): void {
    this.dispatch({ type: 'event', event, now: Date.now() });
    if (event.type === 'typing.started') this.#endTypingLater();
  }

  addConversations(conversations: readonly Conversation[]): void {
    this.dispatch({ type: 'conversations', conversations });
  }

  addReceipt({ conversationId, unreadCount, lastSeq, ...watermarks }: ReceiptState): void {
    const data = { receipts: [{ userId: this.#state.ownUserId, ...watermarks }], unreadCount, lastSeq };
    this.apply({ type: 'receipt.updated', conversationId, at: '', data });
  }

  close(): void {
    clearTimeout(this.#typingTimer);
  }

  /** A `typing.stopped` event can be lost. */
  #endTypingLater(): void {
    this.#typingTimer ??= setTimeout(() => {
      this.#typingTimer = undefined;
      this.dispatch({ type: 'tick', now: Date.now() });
      if (Object.keys(this.#state.typing).length > 0) this.#endTypingLater();
    }, typingMs);
  }
}
