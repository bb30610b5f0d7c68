import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import { now } from '../core/runtime/clock.ts';
import { log } from '../core/runtime/logger.ts';
import { count } from '../core/runtime/metrics.ts';
import { TenantScope } from '../core/tenancy/tenant-scope.ts';
import { holdDuring, returnSoon } from '../core/timers/hold-wake-ups.ts';
import { sendWakeUps } from '../core/timers/send-wake-ups.ts';
import type { TimerSubject } from '../core/timers/timer.ts';
import { isDue, isLate } from '../core/timers/timer-rules.ts';

const wakeUpMessage = z.object({ tenantId: z.string(), pk: z.string(), sk: z.string(), wakeAt: z.int() });

/**
 * Creates the Lambda handler of the timers' queue. Failed wake-ups return to the queue, and so do wake-ups that arrive
 * early: schedules send them early, and the clocks of the sender and of this machine differ.
 */
export function serveTimers(subjects: readonly TimerSubject[]) {
  const handleRecord = async (record: SQSRecord): Promise<void> => {
    const wakeUp = wakeUpMessage.parse(JSON.parse(record.body));
    const { tenantId, pk, sk, wakeAt } = wakeUp;
    const at = now();
    if (!isDue(wakeUp, at)) {
      const unsent = await sendWakeUps([wakeUp], at);
      if (unsent.length > 0) throw new Error('The queue did not accept an early wake-up again');
      return;
    }
    // Counts every attempt, so that wake-ups that keep failing raise the alarm.
    if (isLate(wakeUp, at)) count('TimerLate');
    const subject = subjects.find((candidate) => candidate.matches({ pk, sk }));
    if (subject === undefined) throw new Error(`No subject of timers matches ${pk} ${sk}`);
    await subject.wake(TenantScope.fromWakeUp(wakeUp), { pk, sk }, at);
    log('info', 'timer.ran', { eventType: subject.name, tenantId, latencyMs: at - wakeAt });
  };

  return middy<SQSEvent, SQSBatchResponse>().handler(async (batch) => {
    const results = await holdDuring(batch.Records, () => Promise.allSettled(batch.Records.map(handleRecord)));
    const failed = batch.Records.filter((_, index) => results[index]?.status === 'rejected');
    for (const result of results) {
      if (result.status === 'fulfilled') continue;
      log('error', 'timer.failed', {}, result.reason);
      count('Failures');
    }
    await returnSoon(failed);
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  });
}
