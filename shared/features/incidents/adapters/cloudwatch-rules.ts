import type { IncidentEvent } from '../../../contract/schemas/incident.ts';
import { isObject, objectAt, textAt, valueAt } from '../pointer-rules.ts';
import { type Adapter, linesOf, notOfThisKind, timeOf, toIncident } from './adapter-rules.ts';

const events: Readonly<Record<string, IncidentEvent>> = { ALARM: 'open', OK: 'close', INSUFFICIENT_DATA: 'update' };

interface Alarm {
  readonly key: string | undefined;
  readonly name: string | undefined;
  readonly state: string | undefined;
  readonly description: string | undefined;
  readonly reason: string | undefined;
  readonly at: unknown;
  readonly account: string | undefined;
  readonly region: string | undefined;
}

/**
 * A state change of an alarm, as EventBridge sends it, or as SNS does.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 * https://docs.aws.amazon.com/sns/latest/dg/http-notification-json.html
 */
export const cloudwatchAdapter: Adapter = (payload, receivedAt) => {
  const alarm = fromEventBridge(payload) ?? fromSns(payload);
  const event = events[alarm?.state ?? ''];
  if (alarm?.key === undefined || event === undefined) return notOfThisKind;
  const { key, name, state, description, reason, at, account, region } = alarm;
  const incident = toIncident({
    key,
    event,
    severity: event === 'open' ? 'error' : 'info',
    title: name,
    body: linesOf(description, reason, event === 'update' ? 'The alarm has too little data.' : undefined),
    occurredAt: timeOf(at, receivedAt),
    labels: {
      ...(name === undefined ? {} : { alarm: name.slice(0, 200) }),
      ...(state === undefined ? {} : { state }),
      ...(account === undefined ? {} : { account: account.slice(0, 200) }),
      ...(region === undefined ? {} : { region: region.slice(0, 200) }),
    },
    system: 'cloudwatch',
  });
  return [{ incident, item: payload }];
};

function fromEventBridge(payload: object): Alarm | undefined {
  const detail = objectAt(payload, '/detail');
  if (detail === undefined || textAt(payload, '/source') !== 'aws.cloudwatch') return undefined;
  return {
    key: textAt(payload, '/resources/0'),
    name: textAt(detail, '/alarmName'),
    state: textAt(detail, '/state/value'),
    description: textAt(detail, '/configuration/description'),
    reason: textAt(detail, '/state/reason'),
    at: valueAt(detail, '/state/timestamp'),
    account: textAt(payload, '/account'),
    region: textAt(payload, '/region'),
  };
}

/** The message of a notification is a text of JSON. With raw message delivery, it is the payload itself. */
function fromSns(payload: object): Alarm | undefined {
  const message = textAt(payload, '/Message');
  const alarm = message === undefined ? payload : parsed(message);
  if (alarm === undefined || textAt(alarm, '/NewStateValue') === undefined) return undefined;
  return {
    key: textAt(alarm, '/AlarmArn'),
    name: textAt(alarm, '/AlarmName'),
    state: textAt(alarm, '/NewStateValue'),
    description: textAt(alarm, '/AlarmDescription'),
    reason: textAt(alarm, '/NewStateReason'),
    at: valueAt(alarm, '/StateChangeTime'),
    account: textAt(alarm, '/AWSAccountId'),
    region: textAt(alarm, '/Region'),
  };
}

function parsed(message: string): object | undefined {
  try {
    const value: unknown = JSON.parse(message);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
