/** Lets callers wait for a round that began later and found nothing. */
export class Drain {
  #asked: (() => void)[] = [];
  #inRound: (() => void)[] = [];

  wait(): Promise<void> {
    return new Promise((resolve) => this.#asked.push(resolve));
  }

  get isAwaited(): boolean {
    return this.#asked.length > 0;
  }

  roundBegins(): void {
    this.#inRound.push(...this.#asked.splice(0));
  }

  roundFoundNothing(): void {
    for (const resolve of this.#inRound.splice(0)) resolve();
  }

  stop(): void {
    for (const resolve of [...this.#asked.splice(0), ...this.#inRound.splice(0)]) resolve();
  }
}
