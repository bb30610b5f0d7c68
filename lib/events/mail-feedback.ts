import { Arn, Duration, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { CfnConfigurationSet, CfnConfigurationSetEventDestination } from 'aws-cdk-lib/aws-ses';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { timeoutsPerRetry } from '../../shared/contract/kit/define-consumer.ts';
import { functionDefinitions } from '../functions/definitions.ts';
import type { ServiceFunction } from '../functions/service-function.ts';
import type { Stage } from '../settings.ts';
import { consumedQueue, readQueue } from './consumer.ts';
import type { QueueSettings } from './consumer-limits.ts';

const definition = functionDefinitions['record-mail-feedback'];

const settings: QueueSettings = {
  memoryMiB: definition.memoryMiB,
  timeoutSeconds: definition.timeoutSeconds,
  retryAfterSeconds: timeoutsPerRetry * definition.timeoutSeconds,
  batchSize: 10,
  maxConcurrency: 2,
  maxReceiveCount: 5,
  retentionDays: 4,
  deadLetterDays: 14,
};

/** Bounces and complaints of this stage's mails. SES publishes them to the default event bus only. */
export class MailFeedback extends Construct {
  readonly configurationSet: string;
  readonly queueName: string;
  readonly deadLetterQueueName: string;
  readonly ruleName: string;
  readonly #queue: Queue;

  constructor(scope: Construct, id: string, { prefix }: Pick<Stage, 'prefix'>) {
    super(scope, id);
    this.queueName = `${prefix}-record-mail-feedback`;
    this.deadLetterQueueName = `${this.queueName}-dead`;
    this.ruleName = this.queueName;
    const set = new CfnConfigurationSet(this, 'Set', {
      name: prefix,
      reputationOptions: { reputationMetricsEnabled: true },
      // The list of each tenant decides instead, so that a bounce at one tenant does not stop the mails of another.
      suppressionOptions: { suppressedReasons: [] },
    });
    // The functions get the name as text, so that they do not wait for the set.
    this.configurationSet = prefix;
    const stack = Stack.of(this);
    const destination = new CfnConfigurationSetEventDestination(this, 'Destination', {
      configurationSetName: set.ref,
      eventDestination: {
        name: 'feedback',
        enabled: true,
        matchingEventTypes: ['BOUNCE', 'COMPLAINT'],
        eventBridgeDestination: {
          eventBusArn: Arn.format({ service: 'events', resource: 'event-bus', resourceName: 'default' }, stack),
        },
      },
    });
    const { queue, dead } = consumedQueue(this, this.queueName, settings);
    this.#queue = queue;
    // The tag keeps out the events of other stages and applications of the account.
    const rule = new Rule(this, 'Rule', {
      ruleName: this.ruleName,
      description: `Sends bounces and complaints to ${this.queueName}`,
      eventPattern: {
        source: ['aws.ses'],
        detailType: ['Email Bounced', 'Email Complaint Received'],
        detail: { mail: { tags: { 'ses:configuration-set': [prefix] } } },
      },
      targets: [new SqsQueue(queue, { deadLetterQueue: dead, maxEventAge: Duration.hours(24), retryAttempts: 185 })],
    });
    destination.node.addDependency(rule);
  }

  recordWith(consumer: ServiceFunction): void {
    readQueue(this, this.#queue, consumer, settings);
  }
}
