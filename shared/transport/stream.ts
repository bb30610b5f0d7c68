import middy from '@middy/core';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { type ItemChange, itemChange } from '../core/table/stream-record.ts';

/**
 * Creates the Lambda handler of the table's stream. The inner handler returns failed changes. Lambda sends the batch
 * again from the first of them, so the inner handler must be idempotent.
 */
export function serveStream(handler: (changes: readonly ItemChange[]) => Promise<readonly ItemChange[]>) {
  return middy<DynamoDBStreamEvent, DynamoDBBatchResponse>().handler(async (event) => {
    const changes = event.Records.map(itemChange).filter((change) => change !== undefined);
    const failed = await handler(changes);
    return { batchItemFailures: failed.map((change) => ({ itemIdentifier: change.sequenceNumber })) };
  });
}
