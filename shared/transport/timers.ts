import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { count } from '../core/runtime/metrics.ts';
import { isOfLanes } from '../core/table/keys.ts';
import { holdDuring, returnSoon } from '../core/timers/hold-wake-ups.ts';
import { sendWakeUps } from '../core/timers/send-wake-ups.ts';
import type { TimerSubject } from '../core/timers/timer.ts';
import { isLate } from '../core/timers/timer-rules.ts';
import { handleWakeUp, reportFailed, type WakeUpOptions } from './wake-ups.ts';

const options: WakeUpOptions = {
  // Schedules send all wake-ups to this queue.
  isElsewhere: isOfLanes,
  send: sendWakeUps,
  onDue: (wakeUp, at) => {
    // Counts every attempt, so that wake-ups that keep failing raise the alarm.
    if (isLate(wakeUp, at)) count('TimerLate');
  },
};

/** Creates the Lambda handler of the timers' queue. Failed wake-ups return to the queue. */
export function serveTimers(subjects: readonly TimerSubject[]) {
  return middy<SQSEvent, SQSBatchResponse>().handler(async (batch) => {
    const handle = (record: SQSRecord) => handleWakeUp(record, subjects, options);
    const results = await holdDuring(batch.Records, () => Promise.allSettled(batch.Records.map(handle)));
    const failed = batch.Records.filter((_, index) => results[index]?.status === 'rejected');
    reportFailed(results);
    await returnSoon(failed);
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  });
}
