/** A `wake` while the loop is awake ends its next sleep at once. */
export class Waker {
  #awake = false;
  #wake: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

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
