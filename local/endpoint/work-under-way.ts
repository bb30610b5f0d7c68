/** Counts work that nobody awaits, so that a test or a shutdown can await all of it. */
export class WorkUnderWay {
  #count = 0;
  #waiting: (() => void)[] = [];

  /** Follows a piece of work to its end, however it ends. */
  follow(work: Promise<unknown>): void {
    this.#count += 1;
    const ended = (): void => {
      this.#count -= 1;
      if (this.#count > 0) return;
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const resolve of waiting) resolve();
    };
    work.then(ended, ended);
  }

  /** Resolves when nothing is under way. */
  settled(): Promise<void> {
    if (this.#count === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
