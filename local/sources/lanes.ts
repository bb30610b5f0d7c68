import type { StreamRecord } from './stream-batch.ts';

export interface Lane {
  readonly number: number;
  readonly records: readonly StreamRecord[];
}

/**
 * Records of one key stay in order while lanes run concurrently.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html, `ParallelizationFactor`
 *
 * @param partitionKey name of the table's partition key.
 */
export function lanesOf(records: readonly StreamRecord[], partitionKey: string, lanes: number): Lane[] {
  const byNumber = Map.groupBy(records, ({ dynamodb }) =>
    lanes === 1 ? 0 : hashOf(JSON.stringify(dynamodb.Keys?.[partitionKey])) % lanes,
  );
  return [...byNumber].map(([number, own]) => ({ number, records: own }));
}

/** FNV-1a. */
function hashOf(text: string | undefined): number {
  let hash = 0x811c9dc5;
  for (const character of text ?? '') {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash;
}

/** All records up to the checkpoint are done. */
export class Progress {
  readonly #sequenceNumbers: readonly string[];
  readonly #done: ReadonlySet<string>;
  readonly #finished = new Set<string>();
  #next = 0;

  /**
   * @param all records of a page, in order.
   * @param wanted records to process; others count as done.
   */
  constructor(all: readonly StreamRecord[], wanted: readonly StreamRecord[]) {
    const open = new Set(wanted.map(({ dynamodb }) => dynamodb.SequenceNumber));
    this.#sequenceNumbers = all.map(({ dynamodb }) => dynamodb.SequenceNumber);
    this.#done = new Set(this.#sequenceNumbers.filter((number) => !open.has(number)));
  }

  /** @returns the new checkpoint, if it has changed. */
  finished(sequenceNumbers: readonly string[]): string | undefined {
    for (const number of sequenceNumbers) this.#finished.add(number);
    const before = this.#next;
    for (;;) {
      const number = this.#sequenceNumbers[this.#next];
      if (number === undefined || !(this.#done.has(number) || this.#finished.has(number))) break;
      this.#next += 1;
    }
    return this.#next === before ? undefined : this.#sequenceNumbers[this.#next - 1];
  }
}
