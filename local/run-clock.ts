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

  /**
   * The time of this clock or the machine's. Programs outside the run have the machine's clock, and after an answer the
   * SDK of functions too, because it follows the header `Date`.
   */
  nearest(time: number): number {
    const [machine, run] = [Date.now(), this.now()];
    return Math.abs(machine - time) < Math.abs(run - time) ? machine : run;
  }

  advance(milliseconds: number): void {
    if (!(milliseconds >= 0)) throw new RangeError('The clock of a run never goes back.');
    this.#offsetMs += milliseconds;
  }
}
