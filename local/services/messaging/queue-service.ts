import type { Assembly, PendingTimer, Service } from '../../contract.ts';
import { queueUrl } from '../../template/attributes.ts';
import { textOf } from '../../text-of.ts';
import { jsonResponse, ServiceError } from '../responses.ts';
import type { MessageStores, QueueAction } from './message-stores.ts';

export interface Queues {
  readonly service: Service;
  /** False if there is no such queue. */
  deliver(queueArn: string, message: Delivery): boolean;
  /** Delayed messages, by the machine's clock. */
  pending(): readonly PendingTimer[];
  /** Shortens the delays of all delayed messages, until the run stops. */
  advance(milliseconds: number): void;
}

export interface Delivery {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly messageGroupId?: string | undefined;
}

interface QueueOptions {
  readonly assembly: Assembly;
  readonly stores: MessageStores;
  /** Replaces SQS's address in queue URLs. */
  readonly url: string;
  readonly sent: (queueName: string) => void;
}

export function startQueues({ assembly, stores, url, sent }: QueueOptions): Queues {
  deployQueues(assembly, stores);
  const actions = new Map<string, QueueAction>();
  const awsHost = queueUrl(assembly.region, assembly.accountId, '').replace(/\/\d{12}\/$/, '');

  return {
    service: async (request) => {
      const { operation, input } = request;
      const action = actions.get(operation) ?? (await stores.queueAction(operation));
      if (action === undefined) {
        throw new ServiceError('InvalidAction', `The local run does not support sqs:${operation}.`);
      }
      actions.set(operation, action);
      try {
        if (operation.startsWith('SendMessage')) checkDelays(input);
        const kept = request.partialFailure === true ? withEveryOther(input) : input;
        const output = ((await action(kept, stores.queues, { headers: {} })) ?? {}) as Record<string, unknown>;
        if (operation.startsWith('SendMessage')) sent(nameOf(input));
        const answer = operation === 'SendMessageBatch' ? withFailed(output, input, kept) : output;
        if (operation.endsWith('QueueUrl') || operation.endsWith('Queues') || operation === 'CreateQueue') {
          return jsonResponse(JSON.parse(JSON.stringify(answer).replaceAll(awsHost, url)), 200, type);
        }
        return jsonResponse(answer, 200, type);
      } catch (error) {
        return refused(error);
      }
    },
    deliver: (queueArn, { body, attributes = {}, messageGroupId }) => {
      const queue = stores.queues.getQueueByArn(queueArn);
      if (queue === undefined) return false;
      const typed = Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
      );
      queue.enqueue(stores.makeMessage(body, typed, delayOf(queue.attributes), messageGroupId));
      sent(queue.name);
      return true;
    },
    pending: () =>
      [...stores.queues.allQueues()].flatMap(({ name, delayedMessages }) =>
        delayedMessages.flatMap(({ body, delayUntil: dueAt = 0 }) =>
          // The store moves due messages when it is read.
          dueAt <= Date.now() ? [] : [{ kind: 'message' as const, name, dueAt, body }],
        ),
      ),
    advance: (milliseconds) => {
      for (const { name, delayedMessages } of stores.queues.allQueues()) {
        for (const message of delayedMessages) message.delayUntil = (message.delayUntil ?? 0) - milliseconds;
        if (delayedMessages.length > 0) sent(name);
      }
    },
  };
}

const type = 'application/x-amz-json-1.0';

interface StoreRefusal {
  readonly code: string;
  readonly statusCode: number;
  readonly queryErrorHeader: string;
  toJSON(): unknown;
}

function refused(error: unknown) {
  if (!(error instanceof Error) || !('queryErrorHeader' in error)) throw error;
  const refusal = error as unknown as StoreRefusal;
  const response = jsonResponse(refusal.toJSON(), refusal.statusCode, type);
  return {
    ...response,
    headers: { ...response.headers, 'x-amzn-query-error': refusal.queryErrorHeader },
    errorCode: refusal.code,
  };
}

function nameOf(input: Readonly<Record<string, unknown>>): string {
  const url = input['QueueUrl'];
  return typeof url === 'string' ? (url.split('/').at(-1) ?? '') : '';
}

interface BatchEntry {
  readonly Id?: string;
}

/** Every second entry never reaches the queue. */
function withEveryOther(input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (!Array.isArray(input['Entries'])) return input;
  return { ...input, Entries: (input['Entries'] as BatchEntry[]).filter((_entry, index) => index % 2 === 0) };
}

function withFailed(
  output: Readonly<Record<string, unknown>>,
  input: Readonly<Record<string, unknown>>,
  kept: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (kept === input) return output;
  const keptEntries = new Set(kept['Entries'] as BatchEntry[]);
  const failed = (input['Entries'] as BatchEntry[])
    .filter((entry) => !keptEntries.has(entry))
    .map((entry) => ({ Id: entry.Id, SenderFault: false, Code: 'InternalError', Message: 'fault plan' }));
  return { ...output, Failed: failed };
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
function checkDelays(input: Readonly<Record<string, unknown>>): void {
  const entries = (input['Entries'] ?? [input]) as readonly { readonly DelaySeconds?: unknown }[];
  for (const { DelaySeconds: seconds } of entries) {
    if (seconds === undefined || (Number.isInteger(seconds) && Number(seconds) >= 0 && Number(seconds) <= 900))
      continue;
    throw new ServiceError(
      'InvalidParameterValue',
      `Value ${JSON.stringify(seconds)} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
    );
  }
}

function delayOf(attributes: Readonly<Record<string, string>>): number | undefined {
  const seconds = Number(attributes['DelaySeconds'] ?? 0);
  return seconds > 0 ? seconds : undefined;
}

const attributeNames = [
  'ContentBasedDeduplication',
  'DelaySeconds',
  'FifoQueue',
  'KmsMasterKeyId',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'RedrivePolicy',
  'VisibilityTimeout',
] as const;

function deployQueues(assembly: Assembly, stores: MessageStores): void {
  for (const { physicalId, arn = '', properties } of assembly.ofType('AWS::SQS::Queue')) {
    const attributes: Record<string, string> = {};
    for (const name of attributeNames) {
      const value = properties[name];
      if (value === undefined) continue;
      attributes[name] = typeof value === 'object' ? JSON.stringify(value) : textOf(value);
    }
    const existing = stores.queues.getQueueByArn(arn);
    if (existing === undefined) {
      stores.queues.createQueue(physicalId.split('/').at(-1) ?? '', physicalId, arn, attributes);
      continue;
    }
    const changed = Object.entries(attributes).filter(([name, value]) => existing.attributes[name] !== value);
    const isRedriveGone =
      attributes['RedrivePolicy'] === undefined && existing.attributes['RedrivePolicy'] !== undefined;
    if (isRedriveGone) changed.push(['RedrivePolicy', '']);
    if (changed.length > 0) existing.setAttributes(Object.fromEntries(changed));
  }
}
