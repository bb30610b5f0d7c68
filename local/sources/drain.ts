/**
 * Lets callers wait until a loop is idle. A caller's promise resolves after a round that began later and found nothing.
 */
export class Drain {
  #asked: (() => void)[] = [];
  #inRound: (() => void)[] = [];

  /** Resolves after the next round that finds nothing. */
  wait(): Promise<void> {
    return new Promise((resolve) => this.#asked.push(resolve));
  }

  /** True while a caller waits for a round that has not begun yet. */
  get isAwaited(): boolean {
    return this.#asked.length > 0;
  }

  roundBegins(): void {
    this.#inRound.push(...this.#asked.splice(0));
  }

  roundFoundNothing(): void {
    for (const resolve of this.#inRound.splice(0)) resolve();
  }

  /** Resolves all callers. */
  stop(): void {
    for (const resolve of [...this.#asked.splice(0), ...this.#inRound.splice(0)]) resolve();
  }
}
