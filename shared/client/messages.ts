import type { MessageLocation } from '../contract/schemas/message.ts';
import type { Outbox } from './outbox.ts';
import { type NewMessage, newMessageOf } from './outgoing-task.ts';
import type { PendingMessage } from './pending-message.ts';
import { messageSent, reactionSent, type SentAgain, sentAgain, type SentMessage, type SentReaction } from './sent.ts';

export class Messages {
  readonly #outbox: Outbox;
  readonly #onSend: (conversationId: string) => void;

  /** @param onSend called for each new message. */
  constructor(outbox: Outbox, onSend: (conversationId: string) => void) {
    this.#outbox = outbox;
    this.#onSend = onSend;
  }

  /**
   * Copies the message, and sends it now or once connected.
   *
   * @throws TypeError if JSON cannot represent the message.
   */
  send(conversationId: string, message: string | NewMessage): SentMessage {
    const outgoing = this.#outbox.send(conversationId, message);
    this.#onSend(conversationId);
    return messageSent(outgoing);
  }

  reply(conversationId: string, seq: number, message: string | NewMessage): SentMessage {
    return this.send(conversationId, { ...newMessageOf(message), replyTo: seq });
  }

  /** Replaces the text, or moves a live location. */
  edit(conversationId: string, seq: number, change: string | { readonly location: MessageLocation }): SentMessage {
    const content = typeof change === 'string' ? { text: change } : change;
    return messageSent(this.#outbox.add(conversationId, { kind: 'edit', seq, ...content }));
  }

  /** A tombstone stays. */
  delete(conversationId: string, seq: number): SentMessage {
    return messageSent(this.#outbox.add(conversationId, { kind: 'deletion', seq }));
  }

  react(conversationId: string, seq: number, emoji: string): SentReaction {
    return reactionSent(this.#outbox.add(conversationId, { kind: 'reaction', seq, emoji, added: true }));
  }

  unreact(conversationId: string, seq: number, emoji: string): SentReaction {
    return reactionSent(this.#outbox.add(conversationId, { kind: 'reaction', seq, emoji, added: false }));
  }

  /** Undefined if no failed change has this id. */
  retry(conversationId: string, localId: string): SentAgain | undefined {
    const outgoing = this.#outbox.retry(conversationId, localId);
    return outgoing && sentAgain(outgoing);
  }

  /** Returns false if the server may have received the change. */
  discard(conversationId: string, localId: string): boolean {
    return this.#outbox.discard(conversationId, localId);
  }

  /** Includes failed changes. Oldest first. */
  pending(conversationId: string): readonly PendingMessage[] {
    return this.#outbox.pending(conversationId);
  }
}
