import type { ChatClient } from '../../../shared/client/chat-client.ts';
import { messagesIn } from '../../../shared/client/chat-state-rules.ts';
import type { MessageChange, SentChange } from '../history/history.ts';

interface OwnMessage {
  readonly seq: number;
  readonly text: string;
  /** No history contains a deleted message's text. */
  fate: 'open' | 'edited' | 'deleted';
}

const reactedTo = 10;

export class DeviceChanges {
  readonly #client: ChatClient;
  readonly #writer: string;
  /** Unique to the device, because the order of two devices is unknown. */
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

  stored(conversationId: string, seq: number, text: string): void {
    this.#own.set(conversationId, [...(this.#own.get(conversationId) ?? []), { seq, text, fate: 'open' }]);
  }

  /** Edits or deletes one of its messages, or reacts to any. */
  make(conversationId: string): void {
    const dice = this.#random();
    if (dice < 0.5) return this.react(conversationId, this.#random() < 0.7);
    const fate = dice < 0.8 ? 'edited' : 'deleted';
    const own = this.#pick(
      (this.#own.get(conversationId) ?? []).filter((message) => message.fate === 'open' || message.fate === fate),
    );
    if (own === undefined || (own.fate === 'deleted' && fate === 'deleted')) return;
    own.fate = fate;
    const common = { senderId: this.#client.user.id, target: own.seq };
    if (fate === 'deleted') {
      const { stored } = this.#client.messages.delete(conversationId, own.seq);
      return this.#keep(conversationId, { ...common, kind: 'deletion' }, stored);
    }
    const text = `${own.text}, edited ${this.#random()}`;
    const { stored } = this.#client.messages.edit(conversationId, own.seq, text);
    this.#keep(conversationId, { ...common, kind: 'edit', text }, stored);
  }

  asked(conversationId: string): Promise<readonly SentChange[]> {
    return Promise.all(this.#asked.get(conversationId) ?? []);
  }

  react(conversationId: string, added: boolean): void {
    const messages = messagesIn(this.#client.state, conversationId).filter(
      ({ type, deletedAt }) => type !== 'system' && deletedAt === undefined,
    );
    const target = this.#pick(messages.slice(-reactedTo))?.seq;
    if (target === undefined) return;
    const emoji = this.#emoji;
    const { stored } = this.#client.messages[added ? 'react' : 'unreact'](conversationId, target, emoji);
    const senderId = this.#client.user.id;
    // The message may have been deleted meanwhile.
    const answered = stored.then(
      () => true,
      () => false,
    );
    this.#keep(conversationId, { kind: 'reaction', senderId, target, emoji, added }, answered);
  }

  #keep(conversationId: string, change: MessageChange, answered: Promise<unknown>): void {
    // The answer contains the message, not the seq of this change.
    const request = answered.then((answer) => ({
      ...{ ...change, writer: this.#writer, acks: [], confirmed: answer !== false, refused: false },
    }));
    request.catch(() => undefined);
    this.#asked.set(conversationId, [...(this.#asked.get(conversationId) ?? []), request]);
  }

  #pick<Item>(items: readonly Item[]): Item | undefined {
    return items[Math.floor(this.#random() * items.length)];
  }
}
