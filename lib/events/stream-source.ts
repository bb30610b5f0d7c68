import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { EventSourceMapping, type EventSourceMappingOptions, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { conversationSortKey, keys } from '../../shared/core/table/keys.ts';
import {
  attachmentDueSortKey,
  leasesSortKey,
  logEntryPrefix,
  newsAttribute,
  tableSchema,
  wakeAttribute,
} from '../../shared/core/table/schema.ts';
import type { ServiceFunction } from '../functions/service-function.ts';
import { deadLetterQueue } from './consumer.ts';

export interface StreamSourceProps {
  readonly table: ITableV2;
  readonly tableKey: IKey;
  readonly consumer: ServiceFunction;
  readonly changes: readonly StreamFilter[];
  readonly pace: Pick<EventSourceMappingOptions, 'batchSize' | 'parallelizationFactor' | 'maxBatchingWindow'>;
}

/**
 * A failed record blocks no others. A stream supports two readers: a third makes DynamoDB throttle all.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
 */
export class StreamSource extends Construct {
  readonly deadLetterQueueName: string;

  constructor(scope: Construct, id: string, { table, tableKey, consumer, changes, pace }: StreamSourceProps) {
    super(scope, id);
    const streamArn = table.tableStreamArn;
    if (streamArn === undefined) throw new Error('The table has no stream');
    this.deadLetterQueueName = `${consumer.physicalName}-dead`;
    const dead = deadLetterQueue(this, 'DeadLetters', this.deadLetterQueueName);

    consumer.function.addToRolePolicy(
      new PolicyStatement({
        sid: 'Stream',
        actions: [
          'dynamodb:DescribeStream',
          'dynamodb:GetRecords',
          'dynamodb:GetShardIterator',
          'dynamodb:ListStreams',
        ],
        resources: [streamArn],
      }),
    );
    // Lambda polls with the function's role. No condition on the service, because AWS does not document its name for
    // DynamoDB Streams. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
    consumer.function.addToRolePolicy(
      new PolicyStatement({
        sid: 'StreamKey',
        actions: ['kms:Decrypt', 'kms:DescribeKey'],
        resources: [tableKey.keyArn],
      }),
    );
    new EventSourceMapping(this, 'Source', {
      target: consumer.function,
      eventSourceArn: streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      ...pace,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      // By default, a bad record blocks its shard while the stream keeps it. Without a maximum age, a stopped mapping
      // can catch up. https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
      retryAttempts: 10,
      onFailure: new SqsDlq(dead),
      filters: [...changes],
    });
  }
}

interface StreamFilter {
  readonly pattern: string;
}

/**
 * A mapping accepts five filters by default.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 */
export const projectedChanges: readonly StreamFilter[] = [
  // A later entry modifies the entry whose message it changes. Outbox items never change.
  changedWithSortKey(['INSERT', 'MODIFY'], [{ prefix: logEntryPrefix }, keys.outbox('').sk]),
  // Direct conversations never change participants.
  changedWithSortKey(['INSERT', 'MODIFY'], conversationSortKey, { kind: { S: ['group', 'support'] } }),
  // Pings change leases too, but need no projection.
  changedWithSortKey(['INSERT', 'MODIFY'], leasesSortKey, { [newsAttribute]: { N: [{ exists: true }] } }),
  changedWithSortKey(['REMOVE'], [attachmentDueSortKey, leasesSortKey]),
  // Items of any kind.
  changed(['INSERT', 'MODIFY'], { NewImage: { [wakeAttribute]: { N: [{ exists: true }] } } }),
];

export const newEntries: readonly StreamFilter[] = [changedWithSortKey(['INSERT'], { prefix: logEntryPrefix })];

/**
 * Filters allow `exists` only on leaves such as `N`.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html
 */
function changedWithSortKey(
  eventName: readonly string[],
  sortKey: string | { readonly prefix: string } | readonly (string | { readonly prefix: string })[],
  newImage?: Readonly<Record<string, unknown>>,
): StreamFilter {
  const Keys = { [tableSchema.sortKey]: { S: [sortKey].flat() } };
  return changed(eventName, { Keys, ...(newImage === undefined ? {} : { NewImage: newImage }) });
}

function changed(eventName: readonly string[], dynamodb: Readonly<Record<string, unknown>>): StreamFilter {
  return { pattern: JSON.stringify({ eventName, dynamodb }) };
}
