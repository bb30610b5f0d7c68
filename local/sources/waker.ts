/** Lets a loop sleep until it is woken. A call of `wake` while the loop is awake makes its next sleep end at once. */
export class Waker {
  #awake = false;
  #wake: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** Sleeps until woken, or for the limit. */
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
