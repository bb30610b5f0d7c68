export class VirtualTime {
  #now: number;
  #waiting: { readonly until: number; readonly resume: () => void }[] = [];

  constructor(start: number) {
    this.#now = start;
  }

  get now(): number {
    return this.#now;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  pass(ms: number): void {
    this.#now += ms;
    const due = this.#waiting.filter(({ until }) => until <= this.#now);
    this.#waiting = this.#waiting.filter(({ until }) => until > this.#now);
    for (const { resume } of due) resume();
  }

  until(time: number): Promise<void> {
    return new Promise((resume) => {
      this.#waiting.push({ until: time, resume });
    });
  }

  skip(): void {
    this.pass(Math.max(0, Math.min(...this.#waiting.map(({ until }) => until)) - this.#now));
  }
}
