import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { BusEnvelope } from '../../../shared/contract/events/envelope.ts';
import { config } from '../../../shared/core/runtime/config.ts';
import { outboxPrefix } from '../../../shared/core/table/schema.ts';
import { tenantPrefix } from '../../../shared/core/tenancy/tenant-scope.ts';

const client = new DynamoDBClient({});

/** Removes the events of all tenants and returns them, oldest first. */
export async function takeOutbox(): Promise<readonly BusEnvelope[]> {
  const { Items: items = [] } = await client.send(
    new ScanCommand({
      TableName: config.tableName,
      FilterExpression: 'contains(pk, :outbox)',
      ExpressionAttributeValues: { ':outbox': { S: outboxPrefix } },
      ConsistentRead: true,
    }),
  );
  const events: BusEnvelope[] = [];
  for (const item of items) {
    const { pk, sk, id, type, version, at, data } = unmarshall(item) as BusEnvelope & { pk: string; sk: string };
    events.push({ id, type, version, at, data, tenantId: pk.slice(tenantPrefix.length).split('#')[0] ?? '' });
    await client.send(new DeleteItemCommand({ TableName: config.tableName, Key: { pk: { S: pk }, sk: { S: sk } } }));
  }
  return events.sort((first, second) => (first.id < second.id ? -1 : 1));
}
