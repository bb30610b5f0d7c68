import type { OpenChat } from './conversation.ts';

/** What was given to be sent, and how it ended. */
export class Outgoing {
  readonly #chat: Pick<OpenChat, 'send'>;
  readonly #underWay = new Set<Promise<void>>();
  #failures = 0;

  constructor(chat: Pick<OpenChat, 'send'>) {
    this.#chat = chat;
  }

  /** Messages that are neither stored nor refused yet. */
  get underWay(): number {
    return this.#underWay.size;
  }

  /** Messages that were refused for good. */
  get failures(): number {
    return this.#failures;
  }

  send(text: string): void {
    const sending = this.#send(text).finally(() => this.#underWay.delete(sending));
    this.#underWay.add(sending);
  }

  /** Resolves when nothing is under way. */
  async done(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  async #send(text: string): Promise<void> {
    try {
      await this.#chat.send(text).stored;
    } catch {
      // Whoever shows the chat has told why.
      this.#failures += 1;
    }
  }
}
