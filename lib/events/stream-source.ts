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
} from '../../shared/core/table/schema.ts';
import type { ServiceFunction } from '../functions/service-function.ts';
import { deadLetterQueue } from './consumer.ts';

export interface StreamSourceProps {
  readonly table: ITableV2;
  /** Encrypts the table and its stream. */
  readonly tableKey: IKey;
  readonly consumer: ServiceFunction;
  readonly changes: readonly StreamFilter[];
  readonly pace: Pick<EventSourceMappingOptions, 'batchSize' | 'parallelizationFactor' | 'maxBatchingWindow'>;
}

/**
 * The table's stream → function. A record that fails does not block others. A stream supports two of these: with a
 * third reader, DynamoDB throttles all of them.
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
    // Lambda polls with the function's role, which must therefore be able to decrypt the stream. Without a condition,
    // as the CDK grants it: no AWS page names the service through which DynamoDB Streams calls KMS.
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
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
      // From the first record, so that nothing written between deployment and first poll is passed over.
      startingPosition: StartingPosition.TRIM_HORIZON,
      ...pace,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      // The default retries one bad record for as long as the stream keeps it, and blocks its shard meanwhile. No record
      // is too old: a mapping that stood still for hours has to catch up with all that the stream still has.
      // https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
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
 * The stream records for the projector. A mapping accepts five filters, unless AWS raises the account’s quota; one is
 * still free. https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 */
export const projectedChanges: readonly StreamFilter[] = [
  // An entry is modified when a later one changes its message. Outbox items never change.
  changedWithSortKey(['INSERT', 'MODIFY'], [{ prefix: logEntryPrefix }, keys.outbox('').sk]),
  // The participants of a direct conversation never change.
  changedWithSortKey(['INSERT', 'MODIFY'], conversationSortKey, { kind: { S: ['group'] } }),
  // Pings also change the item, but need no projection.
  changedWithSortKey(['INSERT', 'MODIFY'], leasesSortKey, { [newsAttribute]: { N: [{ exists: true }] } }),
  changedWithSortKey(['REMOVE'], [attachmentDueSortKey, leasesSortKey]),
];

export const newEntries: readonly StreamFilter[] = [changedWithSortKey(['INSERT'], { prefix: logEntryPrefix })];

/** `exists` asks for leaves alone, such as the `N`. https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html */
function changedWithSortKey(
  eventName: readonly string[],
  sortKey: string | { readonly prefix: string } | readonly (string | { readonly prefix: string })[],
  newImage?: Readonly<Record<string, unknown>>,
): StreamFilter {
  const Keys = { [tableSchema.sortKey]: { S: [sortKey].flat() } };
  const pattern = { eventName, dynamodb: { Keys, ...(newImage === undefined ? {} : { NewImage: newImage }) } };
  return { pattern: JSON.stringify(pattern) };
}
