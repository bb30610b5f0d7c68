import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { FunctionHost, InvocationOutcome } from '../contract.ts';
import type { AdditionalBatches } from './additional-batches.ts';
import { failedItems } from './mapping.ts';
import type { Mapping } from './mapping.ts';

export interface StreamRecord {
  readonly dynamodb: {
    readonly SequenceNumber: string;
    readonly ApproximateCreationDateTime: number;
    readonly Keys?: Readonly<Record<string, unknown>>;
  };
  readonly [member: string]: unknown;
}

export interface BatchSurroundings {
  readonly host: FunctionHost;
  readonly mapping: Mapping;
  readonly shardId: string;
  readonly signal: AbortSignal;
  /** Milliseconds before a retry. */
  readonly retryDelayMs: (attempt: number) => number;
  readonly additional?: AdditionalBatches<StreamRecord>;
  readonly giveUp: (message: object) => Promise<void>;
}

/**
 * Retries, bisects, and limits attempts and age.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-errors.html
 *
 * @param reached receives the last finished record.
 */
export async function workOnBatch(
  records: readonly StreamRecord[],
  around: BatchSurroundings,
  reached: (sequenceNumber: string) => void,
): Promise<void> {
  const { mapping, host, signal } = around;
  let left = records;
  let attempts = 0;
  while (left.length > 0) {
    signal.throwIfAborted();
    left = await withoutExpired(left, attempts, around, reached);
    if (left.length === 0) return;
    const trigger = `stream ${mapping.id}`;
    const additional = around.additional?.before(left);
    if (additional !== undefined) await host.invoke(mapping.functionName, { Records: additional }, trigger);
    signal.throwIfAborted();
    const outcome = await host.invoke(mapping.functionName, { Records: left }, trigger);
    signal.throwIfAborted();
    attempts += 1;
    const failedAt = firstFailure(outcome, left, mapping.reportsItems);
    const last = left[failedAt - 1];
    if (last !== undefined) reached(last.dynamodb.SequenceNumber);
    left = left.slice(failedAt);
    if (left.length === 0) return;
    const split = mapping.bisects && failedAt === 0 && left.length > 1;
    if (split) {
      // Both halves count retries from zero.
      const middle = Math.ceil(left.length / 2);
      await pause(around.retryDelayMs(attempts), undefined, { signal });
      await workOnBatch(left.slice(0, middle), around, reached);
      await workOnBatch(left.slice(middle), around, reached);
      return;
    }
    if (failedAt > 0) attempts = 1;
    if (mapping.maximumRetries >= 0 && attempts > mapping.maximumRetries) {
      await around.giveUp(failureRecord(left, around, attempts, 'RetryAttemptsExhausted'));
      reached(sequenceNumberOf(left.at(-1)));
      return;
    }
    await pause(around.retryDelayMs(attempts), undefined, { signal });
  }
}

/** Index of the first record to repeat; the number of records if there is none. */
function firstFailure(outcome: InvocationOutcome, records: readonly StreamRecord[], reportsItems: boolean): number {
  if (outcome.kind !== 'returned') return 0;
  if (!reportsItems) return records.length;
  const failed = failedItems(outcome.payload, new Set(records.map(sequenceNumberOf)));
  if (failed === 'all') return 0;
  const index = records.findIndex((record) => failed.has(sequenceNumberOf(record)));
  return index < 0 ? records.length : index;
}

async function withoutExpired(
  records: readonly StreamRecord[],
  attempts: number,
  around: BatchSurroundings,
  reached: (sequenceNumber: string) => void,
): Promise<readonly StreamRecord[]> {
  const oldest = Date.now() - around.mapping.maximumAgeMs;
  const young = records.findIndex((record) => record.dynamodb.ApproximateCreationDateTime * 1000 >= oldest);
  if (young === 0) return records;
  const expired = young < 0 ? records : records.slice(0, young);
  await around.giveUp(failureRecord(expired, around, attempts, 'RecordAgeExceeded'));
  reached(sequenceNumberOf(expired.at(-1)));
  return young < 0 ? [] : records.slice(young);
}

function sequenceNumberOf(record: StreamRecord | undefined): string {
  return record?.dynamodb.SequenceNumber ?? '';
}

/** Names the records without their content. */
function failureRecord(
  records: readonly StreamRecord[],
  { mapping, host, shardId }: BatchSurroundings,
  approximateInvokeCount: number,
  condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded',
): object {
  const functionArn = host.definitions.find(({ name }) => name === mapping.functionName)?.arn ?? mapping.functionName;
  const arrival = (record: StreamRecord | undefined): string =>
    new Date((record?.dynamodb.ApproximateCreationDateTime ?? 0) * 1000).toISOString();
  return {
    requestContext: { requestId: randomUUID(), functionArn, condition, approximateInvokeCount },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: new Date().toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: sequenceNumberOf(records[0]),
      endSequenceNumber: sequenceNumberOf(records.at(-1)),
      approximateArrivalOfFirstRecord: arrival(records[0]),
      approximateArrivalOfLastRecord: arrival(records.at(-1)),
      batchSize: records.length,
      streamArn: mapping.sourceArn,
    },
  };
}
