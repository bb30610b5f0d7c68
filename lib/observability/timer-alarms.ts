import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmDefinition, WatchedQueues } from './alarm-definition.ts';
import { ownMetric, queueMetric, scheduleMetric, type Sources, sum } from './metrics.ts';

export function timerAlarms(
  sources: Sources,
  { timersQueue, timersGroup, lanesQueue }: WatchedQueues,
): AlarmDefinition[] {
  return [
    {
      name: `${timersQueue}-late`,
      runbook: 'timers-late',
      meaning: `Timers in ${timersQueue} have been due for minutes, and have not run`,
      // Delayed messages are old when they become visible, so the age of the oldest message says nothing.
      metric: queueMetric(timersQueue, 'ApproximateNumberOfMessagesVisible').with({
        statistic: Stats.MINIMUM,
        period: Duration.minutes(1),
      }),
      threshold: 1,
      periods: 3,
    },
    {
      name: `${lanesQueue}-late`,
      runbook: 'lanes-late',
      meaning: `Deliveries to addresses of tenants have waited in ${lanesQueue} for minutes`,
      metric: queueMetric(lanesQueue, 'ApproximateNumberOfMessagesVisible').with({
        statistic: Stats.MINIMUM,
        period: Duration.minutes(1),
      }),
      threshold: 1,
      periods: 10,
    },
    {
      name: 'timers-overdue',
      runbook: 'timers-late',
      meaning: 'Timers such as the steps of an escalation ran more than five seconds late, or keep failing',
      // A single process that dies delays a few wake-ups.
      metric: ownMetric(sources, 'TimerLate'),
      threshold: 3,
    },
    {
      name: 'schedules-failing',
      runbook: 'timers-late',
      meaning: 'EventBridge Scheduler could not send wake-ups to the queue of timers',
      // The dead-letter queue would tell after a day of attempts.
      metric: sum(
        [
          'TargetErrorCount',
          'TargetErrorThrottledCount',
          'InvocationThrottleCount',
          'InvocationDroppedCount',
          'InvocationsFailedToBeSentToDeadLetterCount',
        ].map((metricName) => scheduleMetric(timersGroup, metricName)),
        'Failed deliveries of schedules',
      ),
      threshold: 1,
    },
  ];
}
