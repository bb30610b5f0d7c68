import type { FaultPlan } from '../fault-plan.ts';

const rememberedBatches = 5;

export class AdditionalBatches<Item> {
  readonly #faults: FaultPlan;
  readonly #source: 'stream' | 'queue';
  readonly #functionName: string;
  readonly #orderedWithin: (item: Item) => string;
  readonly #earlier: (readonly Item[])[] = [];

  /** @param orderedWithin returns an item's group, which keeps its order. */
  constructor(
    faults: FaultPlan,
    source: 'stream' | 'queue',
    functionName: string,
    orderedWithin: (item: Item) => string,
  ) {
    this.#faults = faults;
    this.#source = source;
    this.#functionName = functionName;
    this.#orderedWithin = orderedWithin;
  }

  /** The outcome of the returned batch is ignored. */
  before(batch: readonly Item[]): readonly Item[] | undefined {
    if (this.#faults.additionalBatch === undefined) return undefined;
    const kind = this.#faults.additionalBatch(this.#source, this.#functionName);
    const earlier = this.#earlier[0];
    this.#earlier.push(batch);
    if (this.#earlier.length > rememberedBatches) this.#earlier.shift();
    switch (kind) {
      case 'copy':
        return batch;
      case 'reordered':
        return [...Map.groupBy(batch, this.#orderedWithin).values()].reverse().flat();
      case 'earlier':
        return earlier;
      default:
        return undefined;
    }
  }
}
