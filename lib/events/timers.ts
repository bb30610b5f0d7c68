import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { timeoutsPerRetry } from '../../shared/contract/kit/define-consumer.ts';
import { functionDefinitions } from '../functions/definitions.ts';
import type { ServiceFunction } from '../functions/service-function.ts';
import { allow } from '../functions/statements.ts';
import type { Stage } from '../settings.ts';
import { consumedQueue, readQueue } from './consumer.ts';
import type { QueueSettings } from './consumer-limits.ts';

const definition = functionDefinitions['run-timers'];

const settings: QueueSettings = {
  memoryMiB: definition.memoryMiB,
  timeoutSeconds: definition.timeoutSeconds,
  retryAfterSeconds: timeoutsPerRetry * definition.timeoutSeconds,
  batchSize: 10,
  // 500 timers at once.
  maxConcurrency: 50,
  // About a quarter of an hour: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
  maxReceiveCount: 30,
  retentionDays: 4,
  deadLetterDays: 14,
};

/** Wake-ups wait in the queue for up to 15 minutes, and before that in the group of schedules. */
export class Timers extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;
  readonly groupName: string;
  readonly role: Role;
  readonly queueName: string;
  readonly deadLetterQueueName: string;

  constructor(scope: Construct, id: string, { prefix }: Pick<Stage, 'prefix'>) {
    super(scope, id);
    this.queueName = `${prefix}-run-timers`;
    this.deadLetterQueueName = `${this.queueName}-dead`;
    const { queue, dead } = consumedQueue(this, this.queueName, settings);
    this.queue = queue;
    this.deadLetterQueue = dead;
    // Deleting the group deletes its schedules.
    const group = new ScheduleGroup(this, 'Group', {
      scheduleGroupName: prefix,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.groupName = prefix;
    // https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    this.role = new Role(this, 'Role', {
      description: 'Lets schedules of timers send to their queue',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Stack.of(this).account, 'aws:SourceArn': group.scheduleGroupArn },
        },
      }),
    });
    this.role.addToPolicy(allow('Send', ['sqs:SendMessage'], [queue.queueArn, dead.queueArn]));
  }

  runWith(consumer: ServiceFunction): void {
    readQueue(this, this.queue, consumer, settings);
  }
}
