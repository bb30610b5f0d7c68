import type { AwsEndpoint, FunctionHost, PlatformCallError } from '../contract.ts';
import type { FaultPlan } from '../fault-plan.ts';
import { AdditionalBatches } from './additional-batches.ts';
import type { Checkpoints } from './checkpoints.ts';
import { Drain } from './drain.ts';
import { lanesOf, Progress } from './lanes.ts';
import type { Lane } from './lanes.ts';
import type { Mapping } from './mapping.ts';
import type { Source } from './source.ts';
import { workOnBatch } from './stream-batch.ts';
import type { StreamRecord } from './stream-batch.ts';
import { Waker } from './waker.ts';

export interface StreamSourceOptions {
  readonly aws: Pick<AwsEndpoint, 'call' | 'onActivity'>;
  readonly host: FunctionHost;
  readonly mapping: Mapping;
  readonly partitionKey: string;
  readonly checkpoints: Checkpoints;
  /** On behalf of the function. */
  readonly deliver: (functionName: string, destinationArn: string, body: object) => Promise<void>;
  readonly log: (line: string) => void;
  /** Milliseconds between reads; 250 if absent. */
  readonly delayMs?: number;
  readonly retryDelayMs?: (attempt: number) => number;
  readonly faults?: FaultPlan;
}

/**
 * Lambda polls a shard four times a second.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
const pollMs = 250;
/** While no write is announced. */
const idlePollMs = 2_000;
/** Less than an invocation's 6 MB. */
const batchBytes = 5 * 1024 * 1024;
const readAtOnce = 1_000;

type Found = 'nothing' | 'some' | 'more';

/** Continues from the checkpoint. Records of one partition key stay in order. */
export function streamSource(options: StreamSourceOptions): Source {
  return new StreamSource(options);
}

class StreamSource implements Source {
  readonly description: string;
  readonly #options: StreamSourceOptions;
  readonly #table: string;
  readonly #delayMs: number;
  readonly #waker = new Waker();
  readonly #rush = new Waker();
  readonly #drain = new Drain();
  readonly #abort = new AbortController();
  readonly #iterators = new Map<string, string>();
  /** A repeated batch must not overtake its lane's current one. */
  readonly #additional: readonly AdditionalBatches<StreamRecord>[];
  #hurry = false;
  #lastReadAt = 0;
  #unsubscribe: (() => void) | undefined;
  #finished: Promise<void> = Promise.resolve();

  constructor(options: StreamSourceOptions) {
    this.#options = options;
    this.#table = /:table\/([^/]+)\/stream\//.exec(options.mapping.sourceArn)?.[1] ?? '';
    this.#delayMs = options.delayMs ?? pollMs;
    const { faults = {}, mapping } = options;
    this.#additional = Array.from(
      { length: mapping.parallelizationFactor },
      () =>
        new AdditionalBatches(faults, 'stream', mapping.functionName, ({ dynamodb }) => JSON.stringify(dynamodb.Keys)),
    );
    this.description = `stream of ${this.#table} → ${options.mapping.functionName}`;
  }

  start(): void {
    this.#unsubscribe = this.#options.aws.onActivity((service, name) => {
      if (service === 'dynamodb' && name === this.#table) this.#waker.wake();
    });
    this.#finished = this.#run();
  }

  drained(): Promise<void> {
    if (this.#abort.signal.aborted) return Promise.resolve();
    const drained = this.#drain.wait();
    this.#hurry = true;
    this.#rush.wake();
    this.#waker.wake();
    return drained;
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.();
    this.#abort.abort();
    this.#rush.wake();
    this.#waker.wake();
    await this.#finished;
    this.#drain.stop();
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      this.#drain.roundBegins();
      try {
        const found = await this.#round();
        if (found === 'more') continue;
        if (found === 'nothing') {
          this.#drain.roundFoundNothing();
          this.#hurry = this.#drain.isAwaited;
          await this.#waker.sleep(idlePollMs);
        }
        // Records that arrive now share a batch. There is no pause while a caller waits for the end.
        if (!signal.aborted && !this.#hurry) await this.#rush.sleep(this.#pauseMs());
      } catch (error) {
        if (signal.aborted) return;
        this.#options.log(`${this.description}: ${String(error)}`);
        await this.#waker.sleep(idlePollMs);
      }
    }
  }

  #pauseMs(): number {
    const { windowMs } = this.#options.mapping;
    if (windowMs > 0) return Math.max(windowMs, this.#delayMs);
    return this.#delayMs - ((performance.now() - this.#lastReadAt) % this.#delayMs);
  }

  async #round(): Promise<Found> {
    if (this.#iterators.size === 0) await this.#open();
    this.#lastReadAt = performance.now();
    let found: Found = 'nothing';
    for (const [shardId, iterator] of this.#iterators) {
      const page = await this.#read(shardId, iterator);
      if (page === undefined) return 'more';
      const { records, next } = page;
      if (next === undefined) this.#iterators.delete(shardId);
      else this.#iterators.set(shardId, next);
      if (records.length === 0) continue;
      if (found !== 'more') found = records.length === readAtOnce ? 'more' : 'some';
      await this.#work(shardId, records);
    }
    return found;
  }

  async #open(): Promise<void> {
    const { aws, mapping, checkpoints } = this.#options;
    const isNew = !checkpoints.knows(mapping.id);
    const { StreamDescription } = (await aws.call('dynamodbstreams', 'DescribeStream', {
      StreamArn: mapping.sourceArn,
    })) as {
      StreamDescription: {
        Shards: { ShardId: string; SequenceNumberRange: { EndingSequenceNumber?: string } }[];
      };
    };
    for (const { ShardId, SequenceNumberRange } of StreamDescription.Shards) {
      const end = SequenceNumberRange.EndingSequenceNumber;
      // Fixes a start at the stream's end, even if this process ends before a record.
      if (isNew && !mapping.startsAtOldest && end !== undefined) checkpoints.set(mapping.id, ShardId, end);
      this.#iterators.set(ShardId, await this.#iterator(ShardId, checkpoints.get(mapping.id, ShardId)));
    }
    if (isNew) checkpoints.begin(mapping.id);
  }

  async #iterator(shardId: string, after: string | undefined): Promise<string> {
    const { aws, mapping } = this.#options;
    const { ShardIterator } = await aws.call('dynamodbstreams', 'GetShardIterator', {
      StreamArn: mapping.sourceArn,
      ShardId: shardId,
      ...(after === undefined
        ? { ShardIteratorType: 'TRIM_HORIZON' }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after }),
    });
    return ShardIterator as string;
  }

  /** Undefined if the iterator had to be replaced. */
  async #read(
    shardId: string,
    iterator: string,
  ): Promise<{ records: StreamRecord[]; next: string | undefined } | undefined> {
    const { aws, mapping, checkpoints } = this.#options;
    try {
      const page = await aws.call('dynamodbstreams', 'GetRecords', { ShardIterator: iterator, Limit: readAtOnce });
      const records = (page['Records'] as StreamRecord[]).map((record) => ({
        ...record,
        eventSourceARN: mapping.sourceArn,
      }));
      return { records, next: page['NextShardIterator'] as string | undefined };
    } catch (error) {
      switch ((error as Partial<PlatformCallError>).code) {
        case 'ExpiredIteratorException':
          this.#iterators.set(shardId, await this.#iterator(shardId, checkpoints.get(mapping.id, shardId)));
          return undefined;
        case 'TrimmedDataAccessException':
          this.#iterators.set(shardId, await this.#iterator(shardId, undefined));
          return undefined;
        default:
          throw error;
      }
    }
  }

  async #work(shardId: string, records: readonly StreamRecord[]): Promise<void> {
    const { mapping, checkpoints, host, deliver, partitionKey } = this.#options;
    const around = {
      host,
      mapping,
      shardId,
      signal: this.#abort.signal,
      retryDelayMs: this.#options.retryDelayMs ?? ((attempt: number) => Math.min(5_000, 100 * 2 ** (attempt - 1))),
      giveUp: async (message: object) => {
        if (mapping.onFailureArn !== undefined) await deliver(mapping.functionName, mapping.onFailureArn, message);
      },
    };
    const wanted = records.filter(mapping.matches);
    const progress = new Progress(records, wanted);
    const finished = (sequenceNumbers: readonly string[]): void => {
      const reached = progress.finished(sequenceNumbers);
      if (reached !== undefined) checkpoints.set(mapping.id, shardId, reached);
    };
    const workOn = async ({ number, records: own }: Lane): Promise<void> => {
      const additional = this.#additional[number];
      const order = own.map(({ dynamodb }) => dynamodb.SequenceNumber);
      let done = 0;
      const reached = (sequenceNumber: string): void => {
        const end = order.indexOf(sequenceNumber, done) + 1;
        if (end <= done) return;
        finished(order.slice(done, end));
        done = end;
      };
      for (const batch of batchesOf(own, mapping.batchSize)) {
        await workOnBatch(batch, { ...around, ...(additional === undefined ? {} : { additional }) }, reached);
      }
    };
    finished([]);
    // Waits for all lanes even if one fails.
    const ends = await Promise.allSettled(lanesOf(wanted, partitionKey, mapping.parallelizationFactor).map(workOn));
    const failure = ends.find((end) => end.status === 'rejected');
    if (failure === undefined) return;
    // Unfinished records are read again from the checkpoint.
    this.#iterators.clear();
    throw failure.reason;
  }
}

function batchesOf(records: readonly StreamRecord[], size: number): StreamRecord[][] {
  const batches: StreamRecord[][] = [];
  let batch: StreamRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    const length = JSON.stringify(record).length;
    if (batch.length > 0 && (batch.length >= size || bytes + length > batchBytes)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(record);
    bytes += length;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
