/** The clock of functions, their credentials and timers. Tests may advance it. */
export class RunClock {
  #offsetMs = 0;

  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return Date.now() + this.#offsetMs;
  }

  advance(milliseconds: number): void {
    if (!(milliseconds >= 0)) throw new RangeError('The clock of a run never goes back.');
    this.#offsetMs += milliseconds;
  }
}
