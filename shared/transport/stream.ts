import middy from '@middy/core';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { type ItemChange, itemChange } from '../core/table/stream-record.ts';

/**
 * The Lambda handler of the table's stream. The handler gets the tenants' changes of a batch, in order within a key,
 * and answers with the changes that failed; from the first of those the batch comes again, so it must be idempotent.
 */
export function serveStream(handler: (changes: readonly ItemChange[]) => Promise<readonly ItemChange[]>) {
  return middy<DynamoDBStreamEvent, DynamoDBBatchResponse>().handler(async (event) => {
    const changes = event.Records.map(itemChange).filter((change) => change !== undefined);
    const failed = await handler(changes);
    return { batchItemFailures: failed.map((change) => ({ itemIdentifier: change.sequenceNumber })) };
  });
}
