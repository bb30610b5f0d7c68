import {
  CloudWatchClient,
  type CloudWatchClientConfig,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { setTimeout as sleep } from 'node:timers/promises';
import { failed, type Finding, passed } from '../doctor/check.ts';

const pauseMs = 2_000;

/**
 * Raises one alarm of the stage and waits until CloudWatch has acted on it. The alarm returns to its true state at its
 * next evaluation. Only the recipient can see whether the mail arrives.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html
 * @param patienceMs how long to wait for it.
 */
export async function checkAlarmMail(
  account: CloudWatchClientConfig,
  prefix: string,
  patienceMs: number,
): Promise<Finding> {
  const client = new CloudWatchClient(account);
  const { MetricAlarms: alarms = [] } = await client.send(new DescribeAlarmsCommand({ AlarmNamePrefix: `${prefix}-` }));
  if (alarms.length === 0) return passed('this stage has no alarms (setting "alarms")');
  const alarm = alarms.find(({ AlarmActions: actions = [] }) => actions.length > 0);
  if (alarm?.AlarmName === undefined) return passed('the alarms mail no one (setting "alarmEmail")');
  const startedAt = new Date();
  const reason = 'npx switchboard verify: a test, nothing is wrong';
  await client.send(new SetAlarmStateCommand({ AlarmName: alarm.AlarmName, StateValue: 'OK', StateReason: reason }));
  await client.send(new SetAlarmStateCommand({ AlarmName: alarm.AlarmName, StateValue: 'ALARM', StateReason: reason }));
  for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(pauseMs)) {
    const { AlarmHistoryItems: acts = [] } = await client.send(
      new DescribeAlarmHistoryCommand({ AlarmName: alarm.AlarmName, HistoryItemType: 'Action', StartDate: startedAt }),
    );
    const summary = acts[0]?.HistorySummary;
    if (summary === undefined) continue;
    // "Successfully executed action arn:…", "Failed to execute action arn:…"
    if (/^Success/i.test(summary)) return passed(`${alarm.AlarmName} was raised: a mail must arrive within minutes`);
    return failed(
      summary,
      'The policy of the alarms’ topic must let CloudWatch publish: deploy the stack observability',
    );
  }
  return failed(`${alarm.AlarmName} was raised, but CloudWatch did not act on it`, 'Check the alarm’s history');
}
