import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Where consumers of streams have got to, by mapping and shard. */
type Positions = Record<string, Record<string, string>>;

const saveAfterMs = 50;

/**
 * The positions of stream consumers in a file. A position is saved shortly after it was reached: after a crash a few
 * records come again, as Lambda delivers at least once, but none is left out.
 */
export class Checkpoints {
  readonly #path: string;
  readonly #positions: Positions;
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#positions = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Positions) : {};
  }

  /** True if this mapping has consumed before, if only nothing. */
  knows(mapping: string): boolean {
    return this.#positions[mapping] !== undefined;
  }

  /** Sequence number of the last record that is done. */
  get(mapping: string, shard: string): string | undefined {
    return this.#positions[mapping]?.[shard];
  }

  begin(mapping: string): void {
    this.#positions[mapping] ??= {};
    this.#saveSoon();
  }

  set(mapping: string, shard: string, sequenceNumber: string): void {
    (this.#positions[mapping] ??= {})[shard] = sequenceNumber;
    this.#saveSoon();
  }

  /** Saves at once what is not saved yet. */
  flush(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    writeFileSync(`${this.#path}.new`, JSON.stringify(this.#positions), { mode: 0o600 });
    renameSync(`${this.#path}.new`, this.#path);
  }

  #saveSoon(): void {
    this.#timer ??= setTimeout(() => this.flush(), saveAfterMs);
  }
}
