/** Bounded, so that a loop cannot fill the memory. */
export class CapturedOutput {
  readonly #flushed: (lines: string[]) => void;
  #lines: string[] = [];
  #taken = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `flushed` receives lines periodically. */
  constructor(flushed: (lines: string[]) => void) {
    this.#flushed = flushed;
  }

  install(): void {
    for (const stream of [process.stdout, process.stderr]) {
      stream.write = (chunk: Uint8Array | string, ...rest: unknown[]): boolean => {
        this.add(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
        const done = rest.find((argument) => typeof argument === 'function') as (() => void) | undefined;
        if (done !== undefined) process.nextTick(done);
        return true;
      };
    }
  }

  add(text: string): void {
    if (this.#taken >= maximumLines) return;
    this.#taken += 1;
    const line = text.endsWith('\n') ? text.slice(0, -1) : text;
    this.#lines.push(
      this.#taken === maximumLines ? '… further output was dropped' : line.length > maximumLength ? cut(line) : line,
    );
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#lines.length > 0) this.#flushed(this.#lines.splice(0));
    }, flushAfterMs).unref();
  }

  /** Resets the limit. */
  take(): string[] {
    if (this.#timer !== undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    this.#taken = 0;
    if (this.#lines.length === 0) return [];
    return this.#lines.splice(0);
  }
}

const maximumLines = 1_000;
const maximumLength = 16_384;
const flushAfterMs = 25;

function cut(line: string): string {
  return `${line.slice(0, maximumLength)}… (${line.length} characters)`;
}
