import type { SQSRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import { now } from '../core/runtime/clock.ts';
import { log } from '../core/runtime/logger.ts';
import { count } from '../core/runtime/metrics.ts';
import { TenantScope } from '../core/tenancy/tenant-scope.ts';
import type { TimerSubject } from '../core/timers/timer.ts';
import { isDue, type WakeUp } from '../core/timers/timer-rules.ts';

const wakeUpMessage = z.object({ tenantId: z.string(), pk: z.string(), sk: z.string(), wakeAt: z.int() });

export interface WakeUpOptions {
  /** Of another queue. */
  readonly isElsewhere: (wakeUp: WakeUp) => boolean;
  /** @returns the wake-ups that the queue did not accept. */
  readonly send: (wakeUps: readonly WakeUp[], at: number) => Promise<readonly WakeUp[]>;
  readonly onDue: (wakeUp: WakeUp, at: number) => void;
}

/**
 * Handles a message of a queue of wake-ups. Early ones return to their queue: schedules send them early, and the clocks
 * of the sender and of this machine differ.
 */
export async function handleWakeUp(
  record: SQSRecord,
  subjects: readonly TimerSubject[],
  { isElsewhere, send, onDue }: WakeUpOptions,
): Promise<void> {
  const wakeUp = wakeUpMessage.parse(JSON.parse(record.body));
  const { tenantId, pk, sk, wakeAt } = wakeUp;
  const at = now();
  if (!isDue(wakeUp, at) || isElsewhere(wakeUp)) {
    const unsent = await send([wakeUp], at);
    if (unsent.length > 0) throw new Error('The queue did not accept an early wake-up again');
    return;
  }
  onDue(wakeUp, at);
  const subject = subjects.find((candidate) => candidate.matches({ pk, sk }));
  if (subject === undefined) throw new Error(`No subject of timers matches ${pk} ${sk}`);
  await subject.wake(TenantScope.fromWakeUp(wakeUp), { pk, sk }, at);
  log('info', 'timer.ran', { eventType: subject.name, tenantId, latencyMs: at - wakeAt });
}

export function reportFailed(results: readonly PromiseSettledResult<void>[]): void {
  for (const result of results) {
    if (result.status === 'fulfilled') continue;
    log('error', 'timer.failed', {}, result.reason);
    count('Failures');
  }
}
