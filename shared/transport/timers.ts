import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import { now } from '../core/runtime/clock.ts';
import { log } from '../core/runtime/logger.ts';
import { count } from '../core/runtime/metrics.ts';
import { TenantScope } from '../core/tenancy/tenant-scope.ts';
import { sendWakeUps } from '../core/timers/send-wake-ups.ts';
import type { TimerSubject } from '../core/timers/timer.ts';
import { isDue } from '../core/timers/timer-rules.ts';

const wakeUpMessage = z.object({ tenantId: z.string(), pk: z.string(), sk: z.string(), wakeAt: z.int() });

/**
 * Creates the Lambda handler of the timers' queue. Failed wake-ups return to the queue, and so do wake-ups that arrive
 * early: the clocks of the sender and of this machine differ, and a schedule's seconds may not count.
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
    const subject = subjects.find((candidate) => candidate.matches({ pk, sk }));
    if (subject === undefined) throw new Error(`No subject of timers matches ${pk} ${sk}`);
    await subject.wake(TenantScope.fromWakeUp(wakeUp), { pk, sk }, at);
    log('info', 'timer.ran', { eventType: subject.name, tenantId, latencyMs: at - wakeAt });
  };

  return middy<SQSEvent, SQSBatchResponse>().handler(async (batch) => {
    const results = await Promise.allSettled(batch.Records.map(handleRecord));
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
    results.forEach((result, index) => {
      if (result.status === 'fulfilled') return;
      log('error', 'timer.failed', {}, result.reason);
      count('Failures');
      batchItemFailures.push({ itemIdentifier: batch.Records[index]?.messageId ?? '' });
    });
    return { batchItemFailures };
  });
}
