import type { ChatClient } from '../../../shared/client/chat-client.ts';
import { messagesIn } from '../../../shared/client/chat-state-rules.ts';
import type { ChangeFacts, SentChange } from '../history/history.ts';

/** A message that the device itself has sent. */
interface OwnMessage {
  readonly seq: number;
  readonly text: string;
  /** What was edited is not deleted, and the other way round: of a deleted message nobody tells what it said. */
  fate: 'open' | 'edited' | 'deleted';
}

const reactedTo = 10;

/** What a device makes of messages, of its own and of others’, and what it was answered. */
export class DeviceChanges {
  readonly #client: ChatClient;
  readonly #writer: string;
  /** Each device has its own: of two devices of one person nobody knows which was the last. */
  readonly #emoji: string;
  readonly #random: () => number;
  readonly #own = new Map<string, OwnMessage[]>();
  readonly #asked = new Map<string, Promise<SentChange>[]>();

  constructor(client: ChatClient, writer: string, emoji: string, random: () => number) {
    this.#client = client;
    this.#writer = writer;
    this.#emoji = emoji;
    this.#random = random;
  }

  /** The device has sent a message, which can be changed from now on. */
  stored(conversationId: string, seq: number, text: string): void {
    this.#own.set(conversationId, [...(this.#own.get(conversationId) ?? []), { seq, text, fate: 'open' }]);
  }

  /** Edits or deletes an own message, or reacts to any, whatever becomes of the connection. */
  make(conversationId: string): void {
    const dice = this.#random();
    if (dice < 0.5) return this.react(conversationId, this.#random() < 0.7);
    const fate = dice < 0.8 ? 'edited' : 'deleted';
    const own = this.#oneOf(
      (this.#own.get(conversationId) ?? []).filter((one) => one.fate === 'open' || one.fate === fate),
    );
    if (own === undefined || (own.fate === 'deleted' && fate === 'deleted')) return;
    own.fate = fate;
    const facts = { senderId: this.#client.user.id, target: own.seq };
    if (fate === 'deleted') {
      const { stored } = this.#client.messages.delete(conversationId, own.seq);
      return this.#keep(conversationId, { ...facts, kind: 'deletion' }, stored);
    }
    const text = `${own.text}, edited ${this.#random()}`;
    const { stored } = this.#client.messages.edit(conversationId, own.seq, text);
    this.#keep(conversationId, { ...facts, kind: 'edit', text }, stored);
  }

  /** All that was asked for, with the answers: waits for them. */
  asked(conversationId: string): Promise<readonly SentChange[]> {
    return Promise.all(this.#asked.get(conversationId) ?? []);
  }

  /** Adds a reaction to a recent message, or removes it, if a message is known. */
  react(conversationId: string, added: boolean): void {
    const messages = messagesIn(this.#client.state, conversationId).filter(
      ({ type, deletedAt }) => type !== 'system' && deletedAt === undefined,
    );
    const target = this.#oneOf(messages.slice(-reactedTo))?.seq;
    if (target === undefined) return;
    const emoji = this.#emoji;
    const { stored } = this.#client.messages[added ? 'react' : 'unreact'](conversationId, target, emoji);
    const senderId = this.#client.user.id;
    // Its message may have been deleted meanwhile, before or after an attempt whose answer was lost.
    const answered = stored.then(
      () => true,
      () => false,
    );
    this.#keep(conversationId, { kind: 'reaction', senderId, target, emoji, added }, answered);
  }

  #keep(conversationId: string, facts: ChangeFacts, answered: Promise<unknown>): void {
    // The answer tells the message as it is, and so not the number of this change.
    const change = answered.then((answer) => ({
      ...{ ...facts, writer: this.#writer, acks: [], confirmed: answer !== false, refused: false },
    }));
    change.catch(() => undefined);
    this.#asked.set(conversationId, [...(this.#asked.get(conversationId) ?? []), change]);
  }

  #oneOf<One>(ones: readonly One[]): One | undefined {
    return ones[Math.floor(this.#random() * ones.length)];
  }
}
