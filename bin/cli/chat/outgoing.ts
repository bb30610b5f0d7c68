import type { Sent } from '../../../shared/client/sent.ts';

export class Outgoing {
  readonly #underWay = new Set<Promise<void>>();
  #failures = 0;

  get underWay(): number {
    return this.#underWay.size;
  }

  get failures(): number {
    return this.#failures;
  }

  add({ stored }: Pick<Sent<unknown>, 'stored'>): void {
    const sending = this.#settled(stored).finally(() => this.#underWay.delete(sending));
    this.#underWay.add(sending);
  }

  failed(): void {
    this.#failures += 1;
  }

  async done(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  async #settled(stored: Promise<unknown>): Promise<void> {
    try {
      await stored;
    } catch {
      this.#failures += 1;
    }
  }
}
