import {
  type CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { checkAlarmMail } from '../../../bin/cli/verify/alarm-mail.ts';

interface Alarm {
  readonly AlarmName: string;
  readonly AlarmActions: readonly string[];
  StateValue: string;
}

class FakeCloudWatch {
  readonly raised: string[] = [];
  readonly #alarms: readonly Alarm[];
  readonly #summary: string;
  readonly #actions: { readonly AlarmName: string; readonly HistorySummary: string; readonly Timestamp: Date }[] = [];
  #clock = Date.UTC(2001, 0, 1);

  constructor(alarms: readonly Alarm[], summary = 'Successfully executed action arn:aws:sns:x') {
    this.#alarms = alarms;
    this.#summary = summary;
  }

  addAction(AlarmName: string, HistorySummary: string): void {
    this.#clock += 1000;
    this.#actions.unshift({ AlarmName, HistorySummary, Timestamp: new Date(this.#clock) });
  }

  send(command: object): Promise<object> {
    if (command instanceof DescribeAlarmsCommand) return Promise.resolve({ MetricAlarms: this.#alarms });
    if (command instanceof DescribeAlarmHistoryCommand) {
      const { AlarmName, StartDate } = command.input;
      const items = this.#actions.filter(
        (action) => action.AlarmName === AlarmName && (StartDate === undefined || action.Timestamp >= StartDate),
      );
      return Promise.resolve({ AlarmHistoryItems: items });
    }
    if (!(command instanceof SetAlarmStateCommand)) throw new Error('FakeCloudWatch does not support this command');
    const { AlarmName = '', StateValue = '' } = command.input;
    const alarm = this.#alarms.find((each) => each.AlarmName === AlarmName);
    if (alarm === undefined || alarm.StateValue === StateValue) return Promise.resolve({});
    alarm.StateValue = StateValue;
    this.raised.push(`${AlarmName} ${StateValue}`);
    if (alarm.AlarmActions.length > 0) this.addAction(AlarmName, this.#summary);
    return Promise.resolve({});
  }
}

const check = (account: FakeCloudWatch) =>
  checkAlarmMail(account as unknown as CloudWatchClient, 'switchboard-prod', 20, 1);
const alarm = (name: string, StateValue = 'OK', AlarmActions = ['arn:aws:sns:x']): Alarm => ({
  AlarmName: `switchboard-prod-${name}`,
  AlarmActions,
  StateValue,
});

describe('the check of the alarm mail', () => {
  it('passes once CloudWatch has executed an action, whatever this machine’s clock', async () => {
    const account = new FakeCloudWatch([alarm('http-errors')]);
    expect(await check(account)).toMatchObject({ passed: true });
    expect(account.raised).toEqual(['switchboard-prod-http-errors ALARM']);
  });

  it('fails with CloudWatch’s reason when the action failed', async () => {
    const account = new FakeCloudWatch([alarm('http-errors')], 'Failed to execute action arn:aws:sns:x');
    account.addAction('switchboard-prod-http-errors', 'Successfully executed action arn:aws:sns:x');
    expect(await check(account)).toMatchObject({ passed: false, detail: expect.stringContaining('Failed to execute') });
  });

  it('ignores earlier actions', async () => {
    const silent = new (class extends FakeCloudWatch {
      override send(command: object): Promise<object> {
        return command instanceof SetAlarmStateCommand ? Promise.resolve({}) : super.send(command);
      }
    })([alarm('http-errors')]);
    silent.addAction('switchboard-prod-http-errors', 'Successfully executed action arn:aws:sns:x');
    expect(await check(silent)).toMatchObject({ passed: false, detail: expect.stringContaining('executed no action') });
  });

  it('skips alarms that are already raised or have no recipient', async () => {
    const account = new FakeCloudWatch([alarm('auth', 'ALARM'), alarm('mute', 'OK', []), alarm('http-errors')]);
    expect(await check(account)).toMatchObject({ passed: true });
    expect(account.raised).toEqual(['switchboard-prod-http-errors ALARM']);
    expect(await check(new FakeCloudWatch([alarm('auth', 'ALARM')]))).toMatchObject({ passed: false });
  });

  it('passes when the stage has no alarms or no recipient', async () => {
    for (const alarms of [[], [alarm('http-errors', 'OK', [])]]) {
      expect(await check(new FakeCloudWatch(alarms))).toMatchObject({ passed: true });
    }
  });
});
