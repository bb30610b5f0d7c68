import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';

export interface AcceptedInvocation {
  readonly id: string;
  readonly functionName: string;
  readonly event: unknown;
  readonly trigger: string;
  readonly acceptedAt: number;
}

type Line = { readonly accepted: AcceptedInvocation } | { readonly done: string };

/** Survives the process. Emptied when all invocations are finished. */
export class InvocationJournal {
  readonly #open = new Map<string, AcceptedInvocation>();
  readonly #file: number;
  #closed = false;

  constructor(path: string) {
    for (const line of existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []) this.#read(line);
    this.#file = openSync(path, 'a', 0o600);
  }

  /** Unfinished invocations of an earlier run. */
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
      // An invocation with an incomplete line was not accepted.
      return;
    }
    if ('accepted' in line) this.#open.set(line.accepted.id, line.accepted);
    else this.#open.delete(line.done);
  }
}
