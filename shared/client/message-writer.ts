import type { MessageLocation } from '../contract/schemas/message.ts';
import type { Outbox } from './outbox.ts';
import { type NewMessage, newMessageOf } from './outgoing-task.ts';
import type { PendingMessage } from './pending-message.ts';
import { messageSent, reactionSent, type SentAgain, sentAgain, type SentMessage, type SentReaction } from './sent.ts';

/** What people do with messages. All of it goes through the outbox. */
export abstract class MessageWriter {
  protected abstract readonly outbox: Outbox;

  /** A message is on its way. */
  protected abstract startsSending(conversationId: string): void;

  /**
   * Sends a message, now or when there is a connection: a text, or a new message of any kind. The new message is copied, so later
   * changes to it have no effect.
   *
   * @throws TypeError if JSON cannot represent it, such as a BigInt, a function, a `Map`, NaN, a cycle or a lone
   * surrogate.
   */
  send(conversationId: string, written: string | NewMessage): SentMessage {
    const outgoing = this.outbox.send(conversationId, written);
    this.startsSending(conversationId);
    return messageSent(outgoing);
  }

  /** Answers a message. */
  reply(conversationId: string, seq: number, written: string | NewMessage): SentMessage {
    return this.send(conversationId, { ...newMessageOf(written), replyTo: seq });
  }

  /** Replaces the text of an own message, or moves a live location. */
  edit(conversationId: string, seq: number, change: string | { readonly location: MessageLocation }): SentMessage {
    const content = typeof change === 'string' ? { text: change } : change;
    return messageSent(this.outbox.add(conversationId, { kind: 'edit', seq, ...content }));
  }

  /** Deletes an own message. Its place stays. */
  delete(conversationId: string, seq: number): SentMessage {
    return messageSent(this.outbox.add(conversationId, { kind: 'deletion', seq }));
  }

  /** Reacts to a message with one emoji. */
  react(conversationId: string, seq: number, emoji: string): SentReaction {
    return reactionSent(this.outbox.add(conversationId, { kind: 'reaction', seq, emoji, added: true }));
  }

  /** Takes a reaction back. */
  unreact(conversationId: string, seq: number, emoji: string): SentReaction {
    return reactionSent(this.outbox.add(conversationId, { kind: 'reaction', seq, emoji, added: false }));
  }

  /** Tries again what was refused. Resolves like the first time; nothing if there is no such thing. */
  retry(conversationId: string, localId: string): SentAgain | undefined {
    const outgoing = this.outbox.retry(conversationId, localId);
    return outgoing && sentAgain(outgoing);
  }

  /** Gives up what was refused, or certainly not sent yet. False if it may be on its way. */
  discard(conversationId: string, localId: string): boolean {
    return this.outbox.discard(conversationId, localId);
  }

  pending(conversationId: string): readonly PendingMessage[] {
    return this.outbox.pending(conversationId);
  }
}
