import type { AccessOf, CallAccess, Surroundings } from './aws-call.ts';
import { lookupOf, singleAction } from './aws-call.ts';
import { textOf } from '../text-of.ts';

/** Batches need the rights of the single operations. */
const singleForms: Readonly<Record<string, string>> = {
  SendMessageBatch: 'SendMessage',
  DeleteMessageBatch: 'DeleteMessage',
  ChangeMessageVisibilityBatch: 'ChangeMessageVisibility',
  PublishBatch: 'Publish',
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html */
export function sqsAccess({ region, accountId }: Surroundings): AccessOf {
  return ({ operation, input }) => {
    const action = `sqs:${singleForms[operation] ?? operation}`;
    const url = input['QueueUrl'];
    const name = typeof url === 'string' ? url.split('/').at(-1) : input['QueueName'];
    if (typeof name !== 'string') return singleAction(action, '*');
    return singleAction(action, `arn:aws:sqs:${region}:${accountId}:${name}`, undefined, name);
  };
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html */
export const snsAccess: AccessOf = ({ operation, input }) => {
  const action = `sns:${singleForms[operation] ?? operation}`;
  const arn =
    input['TopicArn'] ??
    input['TargetArn'] ??
    input['EndpointArn'] ??
    input['PlatformApplicationArn'] ??
    input['ResourceArn'];
  if (typeof arn !== 'string') return singleAction(action, '*', undefined, textOf(input['PhoneNumber'], '*'));
  // An endpoint needs the rights on its application.
  return singleAction(action, arn, undefined, arn.split(':').at(-1));
};

interface BusEntry {
  readonly EventBusName?: string;
  readonly Source?: string;
  readonly DetailType?: string;
}

export function eventsAccess({ region, accountId }: Surroundings): AccessOf {
  const busArn = (name: string): string =>
    name.startsWith('arn:') ? name : `arn:aws:events:${region}:${accountId}:event-bus/${name}`;
  return ({ operation, input }): CallAccess => {
    if (operation !== 'PutEvents') {
      const bus = textOf(input['EventBusName'] ?? input['Name'], 'default');
      return singleAction(`events:${operation}`, busArn(bus), undefined, bus);
    }
    const entries = (input['Entries'] ?? []) as readonly BusEntry[];
    const byBus = Map.groupBy(entries, (entry) => entry.EventBusName ?? 'default');
    return {
      requests: [...byBus].map(([bus, group]) => ({
        action: 'events:PutEvents',
        resource: busArn(bus),
        lookup: lookupOf({
          'events:source': group.map((entry) => entry.Source ?? ''),
          'events:detail-type': group.map((entry) => entry.DetailType ?? ''),
        }),
      })),
      resource: [...byBus.keys()].map((bus) => bus.split('event-bus/').at(-1)).join(', '),
    };
  };
}

/** `sts:TagSession` for session tags. */
export const stsAccess: AccessOf = ({ operation, input }) => {
  if (operation !== 'AssumeRole') return { requests: [], resource: '*' };
  const role = textOf(input['RoleArn']);
  const tags = sessionTagsOf(input);
  const names = Object.keys(tags);
  const values: Record<string, string | readonly string[] | undefined> = {
    'aws:tagkeys': names.length === 0 ? undefined : names,
    'sts:rolesessionname': textOf(input['RoleSessionName']),
    'sts:externalid': typeof input['ExternalId'] === 'string' ? input['ExternalId'] : undefined,
  };
  for (const [name, value] of Object.entries(tags)) values[`aws:requesttag/${name.toLowerCase()}`] = value;
  const lookup = lookupOf(values);
  const requests = [{ action: 'sts:AssumeRole', resource: role, lookup }];
  if (names.length > 0) requests.push({ action: 'sts:TagSession', resource: role, lookup });
  return { requests, resource: role.split('/').at(-1) ?? role };
};

export function sessionTagsOf(input: Readonly<Record<string, unknown>>): Record<string, string> {
  const result: Record<string, string> = {};
  for (let index = 1; ; index += 1) {
    const key = input[`Tags.member.${index}.Key`];
    if (typeof key !== 'string') return result;
    const value = input[`Tags.member.${index}.Value`];
    result[key] = typeof value === 'string' ? value : '';
  }
}
