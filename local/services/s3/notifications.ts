import type { Assembly, FunctionHost } from '../../contract.ts';
import type { AccessControl } from '../../iam/access-control.ts';
import { textOf } from '../../text-of.ts';
import type { EventBuses } from '../events/event-bus-service.ts';
import type { Queues } from '../messaging/queue-service.ts';
import type { ObjectChange } from './object-service.ts';

interface NotificationOptions {
  readonly assembly: Assembly;
  readonly control: AccessControl;
  readonly queues: Queues;
  readonly buses: EventBuses;
  readonly publish: (topicArn: string, message: string) => void;
  readonly functions: () => FunctionHost | undefined;
}

interface Destination {
  readonly Event?: string;
  readonly Events?: readonly string[];
  readonly Function?: string;
  readonly LambdaFunctionArn?: string;
  readonly Queue?: string;
  readonly QueueArn?: string;
  readonly Topic?: string;
  readonly TopicArn?: string;
  readonly Filter?: {
    readonly Key?: { readonly FilterRules?: readonly FilterRule[] };
    readonly S3Key?: { readonly Rules?: readonly FilterRule[] };
  };
}

interface FilterRule {
  readonly Name: string;
  readonly Value: string;
}

interface Configuration {
  readonly LambdaConfigurations?: readonly Destination[];
  readonly LambdaFunctionConfigurations?: readonly Destination[];
  readonly QueueConfigurations?: readonly Destination[];
  readonly TopicConfigurations?: readonly Destination[];
  readonly EventBridgeConfiguration?: unknown;
}

/**
 * Tells queues, functions, topics and the bus of changes in buckets. Templates carry the configuration on the bucket,
 * or on the custom resource that CDK uses for it; the two differ in spelling.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function bucketNotifications(options: NotificationOptions): (change: ObjectChange) => void {
  const { assembly } = options;
  const configurations = new Map<string, Configuration[]>();
  const add = (bucket: string, configuration: unknown): void => {
    if (configuration === undefined) return;
    configurations.set(bucket, [...(configurations.get(bucket) ?? []), configuration as Configuration]);
  };
  for (const { physicalId, properties } of assembly.ofType('AWS::S3::Bucket')) {
    add(physicalId, properties['NotificationConfiguration']);
  }
  for (const { properties } of assembly.ofType('Custom::S3BucketNotifications')) {
    add(textOf(properties['BucketName']), properties['NotificationConfiguration']);
  }
  return (change) => {
    for (const configuration of configurations.get(change.bucket) ?? []) notify(options, configuration, change);
  };
}

function notify(options: NotificationOptions, configuration: Configuration, change: ObjectChange): void {
  const destinations = [
    ...(configuration.LambdaConfigurations ?? []),
    ...(configuration.LambdaFunctionConfigurations ?? []),
    ...(configuration.QueueConfigurations ?? []),
    ...(configuration.TopicConfigurations ?? []),
  ];
  for (const destination of destinations) {
    if (wants(destination, change)) send(options, destination, change);
  }
  if (configuration.EventBridgeConfiguration !== undefined) {
    const detail = { version: '0', bucket: { name: change.bucket }, object: objectOf(change), reason: 'PutObject' };
    const type = change.eventName.startsWith('ObjectCreated') ? 'Object Created' : 'Object Deleted';
    options.buses.publish('aws.s3', type, detail);
  }
}

function wants(destination: Destination, change: ObjectChange): boolean {
  const events = [...(destination.Events ?? []), ...(destination.Event === undefined ? [] : [destination.Event])];
  const isWanted = events.some((event) => {
    const name = event.replace(/^s3:/, '');
    return name.endsWith(':*') ? change.eventName.startsWith(name.slice(0, -1)) : name === change.eventName;
  });
  const rules = destination.Filter?.Key?.FilterRules ?? destination.Filter?.S3Key?.Rules ?? [];
  return (
    isWanted &&
    rules.every(({ Name, Value }) =>
      Name.toLowerCase() === 'prefix' ? change.key.startsWith(Value) : change.key.endsWith(Value),
    )
  );
}

function send(options: NotificationOptions, destination: Destination, change: ObjectChange): void {
  const event = { Records: [recordOf(options.assembly, change)] };
  const functionArn = destination.Function ?? destination.LambdaFunctionArn;
  const queueArn = destination.Queue ?? destination.QueueArn;
  const topicArn = destination.Topic ?? destination.TopicArn;
  const may = (action: string, resource: string): boolean => {
    const source = `arn:aws:s3:::${change.bucket}`;
    const lookup = (key: string): string | undefined => {
      if (key === 'aws:sourcearn') return source;
      return key === 'aws:sourceaccount' ? options.assembly.accountId : undefined;
    };
    return options.control.decideForService('s3.amazonaws.com', { action, resource, lookup }).allowed;
  };
  if (functionArn !== undefined && may('lambda:InvokeFunction', functionArn)) {
    options.functions()?.invokeEvent(functionArn.split(':function:').at(-1) ?? '', event, 's3');
  }
  if (queueArn !== undefined && may('sqs:SendMessage', queueArn)) {
    options.queues.deliver(queueArn, { body: JSON.stringify(event) });
  }
  if (topicArn !== undefined && may('sns:Publish', topicArn)) options.publish(topicArn, JSON.stringify(event));
}

function recordOf(assembly: Assembly, change: ObjectChange): Record<string, unknown> {
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: assembly.region,
    eventTime: new Date().toISOString(),
    eventName: change.eventName,
    s3: {
      s3SchemaVersion: '1.0',
      bucket: { name: change.bucket, arn: `arn:aws:s3:::${change.bucket}` },
      // Keys in these records are URL-encoded, with plus signs for spaces.
      object: {
        ...objectOf(change),
        key: encodeURIComponent(change.key).replaceAll('%20', '+').replaceAll('%2F', '/'),
      },
    },
  };
}

function objectOf(change: ObjectChange): Record<string, unknown> {
  return { key: change.key, size: change.size, eTag: change.etag };
}
