import { ChangeMessageVisibilityBatchCommand } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { config } from '../runtime/config.ts';
import { log } from '../runtime/logger.ts';
import { queues } from './queue-client.ts';
import { retryDelaySeconds } from './timer-rules.ts';

/** After the death of this process, another one receives its wake-ups this much later. */
const heldSeconds = 3;
const renewEveryMs = 1000;

type Received = Pick<SQSRecord, 'messageId' | 'receiptHandle' | 'attributes'>;

/**
 * Holds received wake-ups while the work on them lasts.
 *
 * The queue's own visibility timeout is six times the function's, as Lambda needs it to retry throttled invocations, and
 * is far too long for an urgent wake-up.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibilityBatch.html
 */
export async function holdDuring<Result>(records: readonly Received[], work: () => Promise<Result>): Promise<Result> {
  const hold = (): Promise<void> => setVisibility(records, () => heldSeconds);
  await hold();
  let renewal = Promise.resolve();
  const timer = setInterval(() => {
    renewal = renewal.then(hold);
  }, renewEveryMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await renewal;
  }
}

/** Makes failed wake-ups visible again soon, and later the more often they have failed. */
export async function returnSoon(failed: readonly Received[]): Promise<void> {
  await setVisibility(failed, ({ attributes }) => retryDelaySeconds(Number(attributes.ApproximateReceiveCount)));
}

/** A failure only delays the next attempt. */
async function setVisibility(records: readonly Received[], seconds: (record: Received) => number): Promise<void> {
  if (records.length === 0) return;
  const Entries = records.map((record, index) => ({
    Id: String(index),
    ReceiptHandle: record.receiptHandle,
    VisibilityTimeout: seconds(record),
  }));
  try {
    const { Failed: failed = [] } = await queues.send(
      new ChangeMessageVisibilityBatchCommand({ QueueUrl: config.timersQueueUrl, Entries }),
    );
    if (failed.length > 0) log('warn', 'wake-ups.not-held', { count: failed.length });
  } catch (error) {
    log('warn', 'wake-ups.not-held', { count: records.length }, error);
  }
}
