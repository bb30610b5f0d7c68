import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { sendLaneWakeUps } from '../core/timers/send-wake-ups.ts';
import type { TimerSubject } from '../core/timers/timer.ts';
import { handleWakeUp, reportFailed, type WakeUpOptions } from './wake-ups.ts';

const options: WakeUpOptions = {
  isElsewhere: () => false,
  send: sendLaneWakeUps,
  onDue: () => undefined,
};

/**
 * Creates the Lambda handler of the lanes' queue. Failed wake-ups return to the queue after its visibility timeout,
 * when no other function works on the lane any more.
 */
export function serveLanes(subjects: readonly TimerSubject[]) {
  return middy<SQSEvent, SQSBatchResponse>().handler(async (batch) => {
    const results = await Promise.allSettled(batch.Records.map((record) => handleWakeUp(record, subjects, options)));
    reportFailed(results);
    const failed = batch.Records.filter((_, index) => results[index]?.status === 'rejected');
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  });
}
