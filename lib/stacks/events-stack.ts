import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { consumers } from '../../shared/contract/events/consumers.ts';
import { Consumer } from '../events/consumer.ts';
import { Lanes } from '../events/lanes.ts';
import { MailFeedback } from '../events/mail-feedback.ts';
import { Timers } from '../events/timers.ts';
import { newEntries, projectedChanges, StreamSource } from '../events/stream-source.ts';
import type { FunctionName } from '../functions/definitions.ts';
import type { GrantTargets } from '../functions/grant-targets.ts';
import { ServiceFunction } from '../functions/service-function.ts';
import type { Stage } from '../settings.ts';

export interface EventsStackProps extends StackProps {
  readonly stage: Stage;
  readonly targets: GrantTargets;
  readonly code: (name: FunctionName) => Code;
}

export class EventsStack extends Stack {
  readonly functions: readonly ServiceFunction[];
  readonly stream: StreamSource;
  readonly checkpoints: StreamSource;
  readonly consumers: readonly Consumer[];
  readonly timers: Timers;
  readonly lanes: Lanes;
  readonly mailFeedback: MailFeedback;

  constructor(scope: Construct, id: string, props: EventsStackProps) {
    super(scope, id, props);
    const { stage } = props;
    const bus = new EventBus(this, 'Bus', {
      eventBusName: stage.prefix,
      description: 'Events about every stored change',
    });
    if (stage.settings.eventArchiveDays > 0) {
      bus.archive('Archive', {
        archiveName: stage.prefix,
        description: 'Events of the bus, for replays to rules of the deployer',
        eventPattern: { source: ['switchboard'] },
        retention: Duration.days(stage.settings.eventArchiveDays),
      });
    }
    this.timers = new Timers(this, 'Timers', stage);
    this.lanes = new Lanes(this, 'Lanes', stage);
    this.mailFeedback = new MailFeedback(this, 'MailFeedback', stage);
    const { configurationSet: mailConfigurationSet } = this.mailFeedback;
    const targets = {
      ...{ ...props.targets, eventBus: bus, timers: this.timers, mailConfigurationSet },
      lanesQueue: this.lanes.queue,
    };
    const create = (name: FunctionName) => new ServiceFunction(this, { stage, name, targets, code: props.code(name) });

    const projector = create('stream-projector');
    const checkpointLogs = create('checkpoint-logs');
    const runTimers = create('run-timers');
    this.timers.runWith(runTimers);
    const runLanes = create('run-lanes');
    this.lanes.runWith(runLanes);
    const recordMailFeedback = create('record-mail-feedback');
    this.mailFeedback.recordWith(recordMailFeedback);
    this.consumers = consumers.map((definition) => {
      const consumer = create(definition.name);
      return new Consumer(this, definition.constructId, { bus, definition, consumer });
    });
    this.functions = [
      projector,
      checkpointLogs,
      runTimers,
      runLanes,
      recordMailFeedback,
      ...this.consumers.map(({ function: consumer }) => consumer),
    ];
    const { table, tableKey } = targets;
    this.stream = new StreamSource(this, 'Stream', {
      ...{ table, tableKey, consumer: projector },
      changes: projectedChanges,
      // Lambda keeps the order within a partition key, so within a conversation.
      pace: { batchSize: 100, parallelizationFactor: 4 },
    });
    this.checkpoints = new StreamSource(this, 'Checkpoints', {
      ...{ table, tableKey, consumer: checkpointLogs },
      changes: newEntries,
      // The longest window. Larger batches need fewer signatures.
      // https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
      pace: { batchSize: 10_000, maxBatchingWindow: Duration.minutes(5) },
    });
    new CfnOutput(this, 'EventBusName', { value: bus.eventBusName });
  }
}
