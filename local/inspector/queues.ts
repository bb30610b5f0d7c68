import type { Assembly, AwsEndpoint, Resource } from '../contract.ts';

export interface QueueState {
  readonly name: string;
  readonly url: string;
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
  /** Queues whose failed messages come here. */
  readonly deadLettersOf: readonly string[];
  /** Messages are then not shown: reading counts as receiving. */
  readonly hasConsumer: boolean;
}

export interface QueueMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, string>>;
}

interface ReceivedMessage {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly MessageAttributes?: Readonly<Record<string, { readonly DataType: string; readonly StringValue?: string }>>;
}

type Caller = Pick<AwsEndpoint, 'call'>;

const mostMessages = 500;

export async function listQueues(assembly: Assembly, aws: Caller): Promise<QueueState[]> {
  const consumed = new Set(
    assembly.ofType('AWS::Lambda::EventSourceMapping').map((mapping) => mapping.properties['EventSourceArn']),
  );
  return Promise.all(
    assembly.ofType('AWS::SQS::Queue').map(async (queue) => {
      const { Attributes = {} } = (await aws.call('sqs', 'GetQueueAttributes', {
        QueueUrl: queue.physicalId,
        AttributeNames: ['All'],
      })) as { Attributes?: Record<string, string> };
      return {
        name: nameOf(queue),
        url: queue.physicalId,
        visible: Number(Attributes['ApproximateNumberOfMessages'] ?? 0),
        inFlight: Number(Attributes['ApproximateNumberOfMessagesNotVisible'] ?? 0),
        delayed: Number(Attributes['ApproximateNumberOfMessagesDelayed'] ?? 0),
        deadLettersOf: sourcesOf(assembly, queue).map(nameOf),
        hasConsumer: consumed.has(queue.arn),
      };
    }),
  );
}

/** Only for queues without a consumer. */
export async function peekMessages(assembly: Assembly, aws: Caller, name: string): Promise<QueueMessage[]> {
  const queue = queueNamed(assembly, name);
  const messages = await receiveAll(aws, queue.physicalId);
  await Promise.all(messages.map((message) => release(aws, queue.physicalId, message)));
  return messages.map((message) => ({
    id: message.MessageId,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([key, { StringValue }]) => [key, StringValue ?? '']),
    ),
  }));
}

/** Moves dead letters back to their source. Resolves with their number. */
export async function redrive(assembly: Assembly, aws: Caller, name: string): Promise<number> {
  const queue = queueNamed(assembly, name);
  const [target] = sourcesOf(assembly, queue);
  if (target === undefined) throw new Error(`${name} is not a dead-letter queue.`);
  const messages = await receiveAll(aws, queue.physicalId);
  for (const message of messages) {
    await aws.call('sqs', 'SendMessage', {
      QueueUrl: target.physicalId,
      MessageBody: message.Body,
      MessageAttributes: message.MessageAttributes ?? {},
    });
    await aws.call('sqs', 'DeleteMessage', { QueueUrl: queue.physicalId, ReceiptHandle: message.ReceiptHandle });
  }
  return messages.length;
}

async function receiveAll(aws: Caller, queueUrl: string): Promise<ReceivedMessage[]> {
  const messages: ReceivedMessage[] = [];
  while (messages.length < mostMessages) {
    const { Messages = [] } = (await aws.call('sqs', 'ReceiveMessage', {
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 30,
      WaitTimeSeconds: 0,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    })) as { Messages?: ReceivedMessage[] };
    if (Messages.length === 0) break;
    messages.push(...Messages);
  }
  return messages;
}

async function release(aws: Caller, queueUrl: string, message: ReceivedMessage): Promise<void> {
  const { ReceiptHandle } = message;
  await aws.call('sqs', 'ChangeMessageVisibility', { QueueUrl: queueUrl, ReceiptHandle, VisibilityTimeout: 0 });
}

function queueNamed(assembly: Assembly, name: string): Resource {
  const queue = assembly.ofType('AWS::SQS::Queue').find((candidate) => nameOf(candidate) === name);
  if (queue === undefined) throw new Error(`There is no queue ${name}.`);
  return queue;
}

function sourcesOf(assembly: Assembly, deadLetters: Resource): Resource[] {
  return assembly.ofType('AWS::SQS::Queue').filter((queue) => {
    const policy = queue.properties['RedrivePolicy'] as { deadLetterTargetArn?: string } | undefined;
    return deadLetters.arn !== undefined && policy?.deadLetterTargetArn === deadLetters.arn;
  });
}

function nameOf(queue: Resource): string {
  return queue.physicalId.split('/').at(-1) ?? queue.physicalId;
}
