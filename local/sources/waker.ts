/**
 * Lets a loop sleep until there is something to do. A wake that comes while nobody sleeps is not lost: the next sleep
 * is then none.
 */
export class Waker {
  #awake = false;
  #wake: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** Sleeps until woken, at most for so long. */
  async sleep(limitMs: number): Promise<void> {
    if (!this.#awake) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        this.#timer = setTimeout(resolve, limitMs);
      });
      clearTimeout(this.#timer);
      this.#wake = undefined;
    }
    this.#awake = false;
  }

  wake(): void {
    this.#awake = true;
    this.#wake?.();
  }
}
