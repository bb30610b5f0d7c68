import { Duration, Validations } from 'aws-cdk-lib';
import { type EventBus, type EventPattern, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ConsumerDefinition } from '../../shared/contract/kit/define-consumer.ts';
import type { ServiceFunction } from '../functions/service-function.ts';
import { consumerComplaints, queueComplaints, type QueueSettings } from './consumer-limits.ts';

const longestRetention = Duration.days(14);

export function deadLetterQueue(scope: Construct, id: string, name: string, retention = longestRetention): Queue {
  const queue = new Queue(scope, id, {
    queueName: name,
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: retention,
  });
  for (const rule of ['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy']) {
    Validations.of(queue).acknowledge({ id: rule, reason: 'This is a dead-letter queue, which an alarm watches' });
  }
  return queue;
}

export interface ConsumedQueue {
  readonly queue: Queue;
  readonly dead: Queue;
}

/** @throws Error for settings that AWS would reject. */
export function consumedQueue(scope: Construct, name: string, settings: QueueSettings): ConsumedQueue {
  const complaints = queueComplaints(settings);
  if (complaints.length > 0) throw new Error(`The queue ${name}: ${complaints.join('. ')}`);
  const dead = deadLetterQueue(scope, 'DeadLetters', `${name}-dead`, Duration.days(settings.deadLetterDays));
  const queue = new Queue(scope, 'Queue', {
    queueName: name,
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    visibilityTimeout: Duration.seconds(settings.retryAfterSeconds),
    retentionPeriod: Duration.days(settings.retentionDays),
    deadLetterQueue: { queue: dead, maxReceiveCount: settings.maxReceiveCount },
  });
  return { queue, dead };
}

export function readQueue(scope: Construct, queue: Queue, consumer: ServiceFunction, settings: QueueSettings): void {
  consumer.function.addToRolePolicy(
    new PolicyStatement({
      sid: 'Queue',
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
      resources: [queue.queueArn],
    }),
  );
  const source = new EventSourceMapping(scope, 'Source', {
    target: consumer.function,
    eventSourceArn: queue.queueArn,
    batchSize: settings.batchSize,
    reportBatchItemFailures: true,
    maxConcurrency: settings.maxConcurrency,
  });
  Validations.of(source).acknowledge({
    id: 'Serverless-LambdaEventSourceMappingDestination',
    reason: 'Lambda supports no destinations for queues. The redrive policy moves failures to the dead-letter queue',
  });
}

/** One pattern for all types, because a rule has only one. */
export function eventPatternOf({
  events,
  filters,
  sink,
}: Pick<ConsumerDefinition, 'events' | 'filters' | 'sink'>): EventPattern {
  const detailType = events.map(({ type }) => type);
  const filtered = Object.entries(filters).flatMap(([type, patterns]) =>
    (patterns ?? []).map((data) => ({ type: [type], data })),
  );
  const ofSink = sink === undefined ? {} : { sinks: [sink] };
  const [first] = filtered;
  const hasInternal = events.some(({ isInternal }) => isInternal);
  if (first === undefined && !hasInternal) return { detailType, ...(sink === undefined ? {} : { detail: ofSink }) };
  if (first !== undefined && events.length === 1 && filtered.length === 1)
    return { detailType, detail: { ...ofSink, data: first.data } };
  const internal = events.flatMap(({ type, isInternal }) => (isInternal === true ? [type] : []));
  const others = detailType.filter((type) => !(type in filters) && !internal.includes(type));
  const alternatives = [...(others.length === 0 ? [] : [{ type: others }]), ...filtered];
  if (internal.length === 0) return { detailType, detail: { ...ofSink, $or: alternatives } };
  const wanted = alternatives.map((alternative) => ({ ...ofSink, ...alternative }));
  return { detailType, detail: { $or: [...wanted, { type: internal }] } };
}

export interface ConsumerProps {
  readonly bus: EventBus;
  readonly definition: ConsumerDefinition;
  readonly consumer: ServiceFunction;
}

/** Every failure leads to one dead-letter queue. Throws an error for settings that AWS would reject. */
export class Consumer extends Construct {
  readonly function: ServiceFunction;
  readonly queueName: string;
  readonly deadLetterQueueName: string;
  readonly ruleName: string;

  constructor(scope: Construct, id: string, { bus, definition, consumer }: ConsumerProps) {
    super(scope, id);
    const complaints = consumerComplaints(definition);
    if (complaints.length > 0) throw new Error(`The consumer ${definition.name}: ${complaints.join('. ')}`);
    this.function = consumer;
    this.queueName = consumer.physicalName;
    this.deadLetterQueueName = `${consumer.physicalName}-dead`;
    this.ruleName = consumer.physicalName;
    const { queue, dead } = consumedQueue(this, this.queueName, definition);
    new Rule(this, 'Rule', {
      eventBus: bus,
      ruleName: this.ruleName,
      description: `Sends events to ${consumer.physicalName}`,
      eventPattern: eventPatternOf(definition),
      targets: [new SqsQueue(queue, { deadLetterQueue: dead, maxEventAge: Duration.hours(24), retryAttempts: 185 })],
    });
    readQueue(this, queue, consumer, definition);
  }
}
