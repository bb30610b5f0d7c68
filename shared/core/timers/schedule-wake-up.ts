import { createHash } from 'node:crypto';
import { ConflictException, CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { toTimestamp } from '../runtime/clock.ts';
import { config } from '../runtime/config.ts';
import { scheduledAt, type WakeUp } from './timer-rules.ts';
import { callLimits } from '../runtime/call-limits.ts';

const scheduler = new SchedulerClient({ maxAttempts: 3, requestHandler: callLimits });

/**
 * Creates a one-time schedule, which sends the wake-up early and then deletes itself. The queue delays the wake-up for the
 * rest of its time. A repetition has no effect.
 * https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
 */
export async function scheduleWakeUp(wakeUp: WakeUp): Promise<void> {
  const command = new CreateScheduleCommand({
    Name: scheduleName(wakeUp),
    GroupName: config.timersGroupName,
    ScheduleExpression: expressionOf(wakeUp),
    FlexibleTimeWindow: { Mode: 'OFF' },
    ActionAfterCompletion: 'DELETE',
    Target: {
      Arn: config.timersQueueArn,
      RoleArn: config.timersRoleArn,
      Input: JSON.stringify(wakeUp),
      DeadLetterConfig: { Arn: config.timersDeadLetterArn },
    },
  });
  try {
    await scheduler.send(command);
  } catch (error) {
    if (!(error instanceof ConflictException)) throw error;
  }
}

/** The time zone is UTC by default. */
function expressionOf(wakeUp: WakeUp): string {
  return `at(${toTimestamp(scheduledAt(wakeUp)).slice(0, 'yyyy-mm-ddThh:mm:ss'.length)})`;
}

/** AWS accepts 64 letters, digits, `-`, `_` and `.`. */
function scheduleName({ tenantId, pk, sk, wakeAt }: WakeUp): string {
  return createHash('sha256')
    .update(JSON.stringify([tenantId, pk, sk, wakeAt]))
    .digest('base64url');
}
