import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** By mapping and shard. */
type Positions = Record<string, Record<string, string>>;

const saveAfterMs = 50;

/** A crash repeats a few records and skips none. */
export class Checkpoints {
  readonly #path: string;
  readonly #positions: Positions;
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#positions = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Positions) : {};
  }

  knows(mapping: string): boolean {
    return this.#positions[mapping] !== undefined;
  }

  /** Sequence number of the last finished record. */
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
