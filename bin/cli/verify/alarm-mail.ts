import {
  type AlarmHistoryItem,
  type CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { setTimeout as sleep } from 'node:timers/promises';
import { failed, type Finding, passed } from '../doctor/check.ts';

const standardPauseMs = 2_000;

/**
 * Raises one alarm and waits for its action. Skips alarms in the state ALARM. Only the recipient can see the mail.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html
 */
export async function checkAlarmMail(
  client: CloudWatchClient,
  prefix: string,
  patienceMs: number,
  pauseMs = standardPauseMs,
): Promise<Finding> {
  const { MetricAlarms: alarms = [] } = await client.send(new DescribeAlarmsCommand({ AlarmNamePrefix: `${prefix}-` }));
  if (alarms.length === 0) return passed('this stage has no alarms (setting "alarms")');
  const mailing = alarms.filter(({ AlarmActions: actions = [] }) => actions.length > 0);
  if (mailing.length === 0) return passed('the alarms have no recipient (setting "alarmEmail")');
  const alarm = mailing.find(({ StateValue: state }) => state !== 'ALARM');
  if (alarm?.AlarmName === undefined) {
    return failed('all alarms are already raised', 'Find their causes (docs/operations.md)');
  }
  const before = timeOf(await newestAction(client, alarm.AlarmName));
  const reason = 'npx switchboard verify: a test, nothing is wrong';
  await client.send(new SetAlarmStateCommand({ AlarmName: alarm.AlarmName, StateValue: 'ALARM', StateReason: reason }));
  for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(pauseMs)) {
    const action = await newestAction(client, alarm.AlarmName);
    if (action?.HistorySummary === undefined || timeOf(action) <= before) continue;
    // "Successfully executed action arn:…", "Failed to execute action arn:…"
    if (/^Success/i.test(action.HistorySummary)) {
      return passed(`${alarm.AlarmName} was raised: check that a mail arrives within minutes`);
    }
    return failed(
      action.HistorySummary,
      'Deploy the stack observability again: its topic policy must let CloudWatch publish',
    );
  }
  return failed(`${alarm.AlarmName} was raised, but CloudWatch executed no action`, 'Read the history of the alarm');
}

async function newestAction(client: CloudWatchClient, AlarmName: string): Promise<AlarmHistoryItem | undefined> {
  const { AlarmHistoryItems: actions = [] } = await client.send(
    new DescribeAlarmHistoryCommand({
      AlarmName,
      HistoryItemType: 'Action',
      ScanBy: 'TimestampDescending',
      MaxRecords: 1,
    }),
  );
  return actions[0];
}

/** CloudWatch's clock, because this machine's may be wrong. */
function timeOf(action: AlarmHistoryItem | undefined): number {
  return action?.Timestamp?.getTime() ?? 0;
}
