import type { Sent } from '../../../shared/client/sent.ts';

/** What was given to be sent, and how it ended. */
export class Outgoing {
  readonly #underWay = new Set<Promise<void>>();
  #failures = 0;

  /** Messages that are neither stored nor refused yet. */
  get underWay(): number {
    return this.#underWay.size;
  }

  /** Messages that were refused for good. */
  get failures(): number {
    return this.#failures;
  }

  /** Waits for something that was given to be sent. */
  add({ stored }: Pick<Sent<unknown>, 'stored'>): void {
    const sending = this.#settled(stored).finally(() => this.#underWay.delete(sending));
    this.#underWay.add(sending);
  }

  /** Something could not even be begun. */
  failed(): void {
    this.#failures += 1;
  }

  /** Resolves when nothing is under way. */
  async done(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  async #settled(stored: Promise<unknown>): Promise<void> {
    try {
      await stored;
    } catch {
      // Whoever shows the chat has told why.
      this.#failures += 1;
    }
  }
}
