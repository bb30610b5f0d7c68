import { Duration, Validations } from 'aws-cdk-lib';
import { type EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { BusEvent } from '../../shared/contract/kit/define-event.ts';
import type { ServiceFunction } from '../functions/service-function.ts';

/** The longest that SQS keeps a message. */
const deadLetterRetention = Duration.days(14);
/** How often a message is tried before it is dead. */
const maxReceiveCount = 5;

/** A queue for what could not be handled; an alarm watches it. */
export function deadLetterQueue(scope: Construct, id: string, name: string): Queue {
  const queue = new Queue(scope, id, {
    queueName: name,
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: deadLetterRetention,
  });
  for (const rule of ['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy']) {
    Validations.of(queue).acknowledge({ id: rule, reason: 'It is a dead-letter queue itself; an alarm watches it' });
  }
  return queue;
}

export interface ConsumerProps {
  readonly bus: EventBus;
  readonly events: readonly BusEvent[];
  readonly consumer: ServiceFunction;
}

/** Events of the bus → rule → queue → function. What fails in any of these steps ends in one dead-letter queue. */
export class Consumer extends Construct {
  readonly queueName: string;
  readonly deadLetterQueueName: string;
  readonly ruleName: string;

  constructor(scope: Construct, id: string, { bus, events, consumer }: ConsumerProps) {
    super(scope, id);
    this.queueName = consumer.physicalName;
    this.deadLetterQueueName = `${consumer.physicalName}-dead`;
    this.ruleName = consumer.physicalName;
    const dead = deadLetterQueue(this, 'DeadLetters', this.deadLetterQueueName);
    const queue = new Queue(this, 'Queue', {
      queueName: this.queueName,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // Six times the function's timeout, so that a message is not seen again while it is still worked on.
      // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
      visibilityTimeout: Duration.seconds(6 * consumer.definition.timeoutSeconds),
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue: dead, maxReceiveCount },
    });
    new Rule(this, 'Rule', {
      eventBus: bus,
      ruleName: this.ruleName,
      description: `To ${consumer.physicalName}`,
      eventPattern: { detailType: events.map((event) => event.type) },
      targets: [new SqsQueue(queue, { deadLetterQueue: dead, maxEventAge: Duration.hours(24), retryAttempts: 185 })],
    });

    consumer.function.addToRolePolicy(
      new PolicyStatement({
        sid: 'Queue',
        actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
        resources: [queue.queueArn],
      }),
    );
    const source = new EventSourceMapping(this, 'Source', {
      target: consumer.function,
      eventSourceArn: queue.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
      // A failing vendor must not take the account's concurrency.
      maxConcurrency: 10,
    });
    Validations.of(source).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason: 'Lambda takes no destination for a queue: what fails goes by the redrive policy to the dead-letter queue',
    });
  }
}
