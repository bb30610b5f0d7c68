import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { config } from '../runtime/config.ts';
import { log } from '../runtime/logger.ts';
import { count } from '../runtime/metrics.ts';
import { settleAll } from '../runtime/settle-all.ts';
import { queues } from './queue-client.ts';
import { delaySeconds, type WakeUp } from './timer-rules.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const batchSize = 10;

/**
 * Sends messages that become visible when they are due, or after the longest delay of the queue.
 * @returns the wake-ups that the queue did not accept.
 */
export async function sendWakeUps(wakeUps: readonly WakeUp[], at: number): Promise<readonly WakeUp[]> {
  const batches: WakeUp[][] = [];
  for (let start = 0; start < wakeUps.length; start += batchSize) batches.push(wakeUps.slice(start, start + batchSize));
  const failed = await settleAll(batches.map((batch) => sendBatch(batch, at)));
  return failed.flat();
}

/** The call succeeds even if single entries fail. */
async function sendBatch(batch: readonly WakeUp[], at: number): Promise<readonly WakeUp[]> {
  const Entries = batch.map((wakeUp, index) => ({
    Id: String(index),
    MessageBody: JSON.stringify(wakeUp),
    DelaySeconds: delaySeconds(wakeUp, at),
  }));
  try {
    const { Failed: failed = [] } = await queues.send(
      new SendMessageBatchCommand({ QueueUrl: config.timersQueueUrl, Entries }),
    );
    if (failed.length > 0) reportFailures(failed.length);
    const failedIds = new Set(failed.map(({ Id }) => Id));
    return batch.filter((_, index) => failedIds.has(String(index)));
  } catch (error) {
    reportFailures(batch.length, error);
    return batch;
  }
}

function reportFailures(failures: number, error?: unknown): void {
  log('error', 'wake-ups.not-sent', { count: failures }, error);
  count('Failures', failures);
}
