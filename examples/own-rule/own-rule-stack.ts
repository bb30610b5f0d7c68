import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

export interface OwnRuleProps extends StackProps {
  /** Output `EventBusName` of the events stack. */
  readonly eventBusName: string;
}

/** Sends urgent conversations and breached service levels to a queue of the deployer. */
export class OwnRuleStack extends Stack {
  readonly rule: Rule;

  constructor(scope: Construct, id: string, { eventBusName, ...props }: OwnRuleProps) {
    super(scope, id, props);
    const deadLetters = new Queue(this, 'DeadLetters', { enforceSSL: true, retentionPeriod: Duration.days(14) });
    const queue = new Queue(this, 'Queue', {
      enforceSSL: true,
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: 5 },
    });
    this.rule = new Rule(this, 'Rule', {
      eventBus: EventBus.fromEventBusName(this, 'Bus', eventBusName),
      eventPattern: {
        source: ['switchboard'],
        detailType: ['urgent.raised', 'sla.changed'],
        // A new version of an event has another shape.
        detail: { version: [1] },
      },
      targets: [new SqsQueue(queue, { deadLetterQueue: deadLetters })],
    });
  }
}
