import type { SendMessageBatchRequestEntry, SendMessageBatchResult } from '@aws-sdk/client-sqs';
import { log } from '../runtime/logger.ts';
import { count } from '../runtime/metrics.ts';
import { settleAll } from '../runtime/settle-all.ts';
import { isOfLanes } from '../table/keys.ts';
import { sendToLanesQueue } from './lanes-queue.ts';
import { delaySeconds, type WakeUp } from './timer-rules.ts';
import { sendToTimersQueue } from './timers-queue.ts';

type Send = (entries: SendMessageBatchRequestEntry[]) => Promise<Pick<SendMessageBatchResult, 'Failed'>>;

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const batchSize = 10;

/**
 * Sends messages that become visible when they are due, or after the longest delay of the queue. Lanes have a queue of
 * their own.
 * @returns the wake-ups that the queues did not accept.
 */
export async function sendWakeUps(wakeUps: readonly WakeUp[], at: number): Promise<readonly WakeUp[]> {
  const { lanes = [], timers = [] } = Object.groupBy(wakeUps, (wakeUp) => (isOfLanes(wakeUp) ? 'lanes' : 'timers'));
  const failed = await settleAll([sendAll(sendToTimersQueue, timers, at), sendLaneWakeUps(lanes, at)]);
  return failed.flat();
}

/** Like {@link sendWakeUps}, for lanes only. */
export function sendLaneWakeUps(wakeUps: readonly WakeUp[], at: number): Promise<readonly WakeUp[]> {
  return sendAll(sendToLanesQueue, wakeUps, at);
}

async function sendAll(send: Send, wakeUps: readonly WakeUp[], at: number): Promise<readonly WakeUp[]> {
  const failed = await settleAll(batchesOf(wakeUps).map((batch) => sendBatch(send, batch, at)));
  return failed.flat();
}

function batchesOf(wakeUps: readonly WakeUp[]): readonly (readonly WakeUp[])[] {
  const batches: WakeUp[][] = [];
  for (let start = 0; start < wakeUps.length; start += batchSize) batches.push(wakeUps.slice(start, start + batchSize));
  return batches;
}

/** The call succeeds even if single entries fail. */
async function sendBatch(send: Send, batch: readonly WakeUp[], at: number): Promise<readonly WakeUp[]> {
  const entries = batch.map((wakeUp, index) => ({
    Id: String(index),
    MessageBody: JSON.stringify(wakeUp),
    DelaySeconds: delaySeconds(wakeUp, at),
  }));
  try {
    const { Failed: failed = [] } = await send(entries);
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
