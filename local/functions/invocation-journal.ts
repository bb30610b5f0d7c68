import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';

/** An asynchronous invocation that was accepted: it will be made, whatever happens to this process. */
export interface AcceptedInvocation {
  readonly id: string;
  readonly functionName: string;
  readonly event: unknown;
  readonly trigger: string;
  readonly acceptedAt: number;
}

type Line = { readonly accepted: AcceptedInvocation } | { readonly done: string };

/**
 * The asynchronous invocations that are not over, as an append-only file of JSON lines. It is emptied whenever
 * nothing is open, so it does not grow. Written past no cache but the system's: it survives the end of the process.
 */
export class InvocationJournal {
  readonly #open = new Map<string, AcceptedInvocation>();
  readonly #file: number;
  #closed = false;

  constructor(path: string) {
    for (const line of existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []) this.#read(line);
    this.#file = openSync(path, 'a', 0o600);
  }

  /** What an earlier run had accepted and not brought to its end. */
  open(): AcceptedInvocation[] {
    return [...this.#open.values()];
  }

  accepted(invocation: AcceptedInvocation): void {
    if (this.#closed) return;
    this.#open.set(invocation.id, invocation);
    this.#write({ accepted: invocation });
  }

  done(id: string): void {
    if (this.#closed || !this.#open.delete(id)) return;
    if (this.#open.size === 0) ftruncateSync(this.#file, 0);
    else this.#write({ done: id });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#file);
  }

  #write(line: Line): void {
    writeSync(this.#file, `${JSON.stringify(line)}\n`);
  }

  #read(text: string): void {
    if (text === '') return;
    let line: Line;
    try {
      line = JSON.parse(text) as Line;
    } catch {
      // The last line of a process that died while writing: that invocation had not been accepted yet.
      return;
    }
    if ('accepted' in line) this.#open.set(line.accepted.id, line.accepted);
    else this.#open.delete(line.done);
  }
}
