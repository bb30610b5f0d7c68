import type { StreamRecord } from './stream-batch.ts';

/** Records that are worked on one after the other. */
export interface Lane {
  readonly number: number;
  readonly records: readonly StreamRecord[];
}

/**
 * Divides records among lanes by their partition key, so that those of one key stay in order while lanes are worked on
 * at once.
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

/**
 * Follows how far a shard is done while lanes get on at different speeds: a consumer that is started again goes on behind
 * the last record before which nothing is missing.
 */
export class Progress {
  readonly #sequenceNumbers: readonly string[];
  readonly #done: ReadonlySet<string>;
  readonly #finished = new Set<string>();
  #next = 0;

  /**
   * @param all the records of a page, in order.
   * @param wanted those that are worked on; the others are done.
   */
  constructor(all: readonly StreamRecord[], wanted: readonly StreamRecord[]) {
    const open = new Set(wanted.map(({ dynamodb }) => dynamodb.SequenceNumber));
    this.#sequenceNumbers = all.map(({ dynamodb }) => dynamodb.SequenceNumber);
    this.#done = new Set(this.#sequenceNumbers.filter((number) => !open.has(number)));
  }

  /**
   * Takes note of what is done.
   *
   * @returns the last record up to which everything is done, if that is another one than before.
   */
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
