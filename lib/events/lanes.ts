import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { timeoutsPerRetry } from '../../shared/contract/kit/define-consumer.ts';
import { functionDefinitions } from '../functions/definitions.ts';
import type { ServiceFunction } from '../functions/service-function.ts';
import type { Stage } from '../settings.ts';
import { consumedQueue, readQueue } from './consumer.ts';
import type { QueueSettings } from './consumer-limits.ts';

const definition = functionDefinitions['run-lanes'];

const settings: QueueSettings = {
  memoryMiB: definition.memoryMiB,
  timeoutSeconds: definition.timeoutSeconds,
  retryAfterSeconds: timeoutsPerRetry * definition.timeoutSeconds,
  batchSize: 10,
  // 500 deliveries at once. Keeps slow receivers from using up the account's concurrency.
  maxConcurrency: 50,
  maxReceiveCount: 10,
  retentionDays: 4,
  deadLetterDays: 14,
};

/** Wake-ups of lanes have a queue and a function of their own, so that slow receivers delay no escalation. */
export class Lanes extends Construct {
  readonly queue: Queue;
  readonly queueName: string;
  readonly deadLetterQueueName: string;

  constructor(scope: Construct, id: string, { prefix }: Pick<Stage, 'prefix'>) {
    super(scope, id);
    this.queueName = `${prefix}-run-lanes`;
    this.deadLetterQueueName = `${this.queueName}-dead`;
    this.queue = consumedQueue(this, this.queueName, settings).queue;
  }

  runWith(consumer: ServiceFunction): void {
    readQueue(this, this.queue, consumer, settings);
  }
}
