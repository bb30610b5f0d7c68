import type { Assembly, FunctionHost, Service, ServiceResponse } from '../../contract.ts';
import type { AccessControl } from '../../iam/access-control.ts';
import { textOf } from '../../text-of.ts';
import { ServiceError } from '../responses.ts';
import type { MessageStores, StoredSubscription, TopicAction } from './message-stores.ts';
import type { PushEndpoints } from './push-endpoints.ts';

interface TopicOptions {
  readonly assembly: Assembly;
  readonly stores: MessageStores;
  readonly control: AccessControl;
  readonly push: PushEndpoints;
  readonly functions: () => FunctionHost | undefined;
  readonly sent: (queueName: string) => void;
  /** For e-mail subscriptions. */
  readonly mailed: (entry: Readonly<Record<string, unknown>>) => void;
}

type Fields = Readonly<Record<string, string>>;

/** Creates the template's topics. */
export function startTopics(options: TopicOptions): Service {
  const { stores, push } = options;
  deployTopics(options);
  const actions = new Map<string, TopicAction>();
  return async (request) => {
    const { operation } = request;
    const input = request.input as Fields;
    if (push.handles(operation, input)) return push.handle(operation, input);
    const action = actions.get(operation) ?? (await stores.topicAction(operation));
    if (action === undefined)
      throw new ServiceError('InvalidAction', `The local run does not support sns:${operation}.`);
    actions.set(operation, action);
    try {
      const body = await action(input, stores.topics, stores.queues, { headers: {} });
      for (const message of messagesOf(operation, input)) deliverBeyondQueues(options, message);
      return { status: 200, headers: { 'content-type': 'text/xml' }, body } satisfies ServiceResponse;
    } catch (error) {
      if (!(error instanceof Error) || !('senderFault' in error)) throw error;
      const refusal = error as unknown as {
        readonly code: string;
        readonly message: string;
        readonly statusCode: number;
      };
      throw new ServiceError(refusal.code, refusal.message, refusal.statusCode);
    }
  };
}

function deployTopics({ assembly, stores, control }: TopicOptions): void {
  for (const { arn = '', properties } of assembly.ofType('AWS::SNS::Topic')) {
    const isFifo = properties['FifoTopic'] === true || properties['FifoTopic'] === 'true';
    const isByContent = properties['ContentBasedDeduplication'] === true;
    const attributes = {
      ...(isFifo ? { FifoTopic: 'true', ContentBasedDeduplication: String(isByContent) } : {}),
    };
    stores.topics.createTopic(arn.split(':').at(-1) ?? '', attributes, undefined, assembly.region);
    // The template's subscriptions replace an earlier run's.
    for (const subscription of [...(stores.topics.getTopic(arn)?.subscriptionArns ?? [])]) {
      stores.topics.unsubscribe(subscription);
    }
    for (const entry of (properties['Subscription'] ?? []) as readonly Fields[]) {
      stores.topics.subscribe(arn, entry['Protocol'] ?? '', entry['Endpoint'] ?? '', {});
    }
  }
  for (const { properties } of assembly.ofType('AWS::SNS::Subscription')) {
    const topicArn = textOf(properties['TopicArn']);
    const endpoint = textOf(properties['Endpoint']);
    const protocol = textOf(properties['Protocol']);
    // Like AWS, drops messages that the queue's policy denies.
    if (protocol === 'sqs' && !mayDeliver(control, 'sqs:SendMessage', endpoint, topicArn)) continue;
    stores.topics.subscribe(topicArn, protocol, endpoint, subscriptionAttributes(properties));
  }
}

function subscriptionAttributes(properties: Readonly<Record<string, unknown>>): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const name of ['FilterPolicy', 'FilterPolicyScope', 'RawMessageDelivery', 'RedrivePolicy']) {
    const value = properties[name];
    if (value !== undefined) attributes[name] = typeof value === 'object' ? JSON.stringify(value) : textOf(value);
  }
  return attributes;
}

function mayDeliver(control: AccessControl, action: string, resource: string, topicArn: string): boolean {
  const lookup = (key: string): string | undefined => (key === 'aws:sourcearn' ? topicArn : undefined);
  return control.decideForService('sns.amazonaws.com', { action, resource, lookup }).allowed;
}

interface PublishedMessage {
  readonly topicArn: string;
  readonly message: string;
  readonly subject: string | undefined;
  readonly attributes: Readonly<Record<string, { readonly DataType: string; readonly StringValue?: string }>>;
}

function messagesOf(operation: string, input: Fields): PublishedMessage[] {
  if (operation === 'Publish') return [publishedMessage(input, '')];
  if (operation !== 'PublishBatch') return [];
  const prefixes = new Set(
    Object.keys(input).flatMap((key) => /^PublishBatchRequestEntries\.member\.\d+\./.exec(key) ?? []),
  );
  return [...prefixes].map((prefix) => publishedMessage(input, prefix));
}

function publishedMessage(input: Fields, prefix: string): PublishedMessage {
  return {
    topicArn: input['TopicArn'] ?? '',
    message: input[`${prefix}Message`] ?? '',
    subject: input[`${prefix}Subject`],
    attributes: messageAttributes(input, `${prefix}MessageAttributes.entry.`),
  };
}

export function messageAttributes(
  input: Fields,
  prefix: string,
): Record<string, { readonly DataType: string; readonly StringValue?: string }> {
  const result: Record<string, { DataType: string; StringValue?: string }> = {};
  for (let index = 1; ; index += 1) {
    const name = input[`${prefix}${index}.Name`];
    if (name === undefined) return result;
    const text = input[`${prefix}${index}.Value.StringValue`];
    result[name] = {
      DataType: input[`${prefix}${index}.Value.DataType`] ?? 'String',
      ...(text === undefined ? {} : { StringValue: text }),
    };
  }
}

/** The store delivers to queues only. */
function deliverBeyondQueues(options: TopicOptions, published: PublishedMessage): void {
  const { stores } = options;
  for (const subscriptionArn of stores.topics.getTopic(published.topicArn)?.subscriptionArns ?? []) {
    const subscription = stores.topics.getSubscription(subscriptionArn);
    if (subscription === undefined) continue;
    if (subscription.protocol === 'sqs') {
      options.sent(subscription.endpoint.split(':').at(-1) ?? '');
      continue;
    }
    if (!passesFilter(stores, subscription, published)) continue;
    if (subscription.protocol === 'lambda') invoke(options, subscription, published);
    else if (subscription.protocol.startsWith('email')) {
      const { topicArn, message, subject } = published;
      options.mailed({ to: [subscription.endpoint], from: topicArn, subject, text: message });
    }
  }
}

function passesFilter(stores: MessageStores, subscription: StoredSubscription, published: PublishedMessage): boolean {
  const policy = subscription.attributes['FilterPolicy'];
  if (policy === undefined) return true;
  const parsed: unknown = JSON.parse(policy);
  if (subscription.attributes['FilterPolicyScope'] === 'MessageBody')
    return stores.matchesBody(parsed, published.message);
  return stores.matchesAttributes(parsed, published.attributes);
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
function invoke(options: TopicOptions, subscription: StoredSubscription, published: PublishedMessage): void {
  const { endpoint, arn } = subscription;
  if (!mayDeliver(options.control, 'lambda:InvokeFunction', endpoint, published.topicArn)) return;
  const attributes = Object.entries(published.attributes).map(([name, attribute]) => [
    name,
    { Type: attribute.DataType, Value: attribute.StringValue },
  ]);
  const notification = {
    Type: 'Notification',
    MessageId: crypto.randomUUID(),
    TopicArn: published.topicArn,
    Subject: published.subject ?? null,
    Message: published.message,
    Timestamp: new Date().toISOString(),
    SignatureVersion: '1',
    MessageAttributes: Object.fromEntries(attributes) as object,
  };
  const record = { EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: arn, Sns: notification };
  options.functions()?.invokeEvent(endpoint.split(':function:').at(-1) ?? '', { Records: [record] }, 'sns');
}
