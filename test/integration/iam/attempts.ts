import {
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  ExecuteStatementCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { TableAction } from '../../../lib/functions/function-grants.ts';
import { tableSchema } from '../../../shared/core/table/schema.ts';

/** A direct call, without the code that separates tenants. */
export interface Attempt {
  readonly name: string;
  /** `never` if no function may have the grant. */
  readonly needs: TableAction | 'index' | 'never';
  readonly run: (client: DynamoDBClient, table: string, prefix: string) => Promise<unknown>;
}

const keyOf = (prefix: string) => ({ pk: { S: `${prefix}PROBE` }, sk: { S: 'PROBE' } });
const conditions = {
  ConditionExpression: 'attribute_not_exists(missing)',
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
};
const change = {
  UpdateExpression: 'SET probe = :one',
  ExpressionAttributeValues: { ':one': { N: '1' } },
};
const { collection } = tableSchema.indexes;

export const attempts: readonly Attempt[] = [
  {
    name: 'get',
    needs: 'GetItem',
    run: (client, TableName, prefix) => client.send(new GetItemCommand({ TableName, Key: keyOf(prefix) })),
  },
  {
    name: 'get in a transaction',
    needs: 'GetItem',
    run: (client, TableName, prefix) =>
      client.send(new TransactGetItemsCommand({ TransactItems: [{ Get: { TableName, Key: keyOf(prefix) } }] })),
  },
  {
    name: 'batch get',
    needs: 'BatchGetItem',
    run: (client, TableName, prefix) =>
      client.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [keyOf(prefix)] } } })),
  },
  {
    name: 'query',
    needs: 'Query',
    run: (client, TableName, prefix) =>
      client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: '#k = :k',
          ExpressionAttributeNames: { '#k': 'pk' },
          ExpressionAttributeValues: { ':k': { S: `${prefix}PROBE` } },
        }),
      ),
  },
  {
    name: 'query of the index',
    needs: 'index',
    run: (client, TableName, prefix) =>
      client.send(
        new QueryCommand({
          TableName,
          IndexName: collection.name,
          KeyConditionExpression: '#k = :k',
          ExpressionAttributeNames: { '#k': collection.partitionKey },
          ExpressionAttributeValues: { ':k': { S: `${prefix}USERS` } },
        }),
      ),
  },
  {
    name: 'put',
    needs: 'PutItem',
    run: (client, TableName, prefix) => client.send(new PutItemCommand({ TableName, Item: keyOf(prefix) })),
  },
  {
    name: 'put in a transaction',
    needs: 'PutItem',
    run: (client, TableName, prefix) =>
      client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item: keyOf(prefix) } }] })),
  },
  {
    name: 'put by batch',
    needs: 'never',
    run: (client, TableName, prefix) =>
      client.send(
        new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ PutRequest: { Item: keyOf(prefix) } }] } }),
      ),
  },
  {
    name: 'update',
    needs: 'UpdateItem',
    run: (client, TableName, prefix) =>
      client.send(new UpdateItemCommand({ TableName, Key: keyOf(prefix), ...change })),
  },
  {
    name: 'update in a transaction',
    needs: 'UpdateItem',
    run: (client, TableName, prefix) =>
      client.send(
        new TransactWriteItemsCommand({ TransactItems: [{ Update: { TableName, Key: keyOf(prefix), ...change } }] }),
      ),
  },
  {
    name: 'delete',
    needs: 'DeleteItem',
    run: (client, TableName, prefix) => client.send(new DeleteItemCommand({ TableName, Key: keyOf(prefix) })),
  },
  {
    name: 'delete in a transaction',
    needs: 'DeleteItem',
    run: (client, TableName, prefix) =>
      client.send(new TransactWriteItemsCommand({ TransactItems: [{ Delete: { TableName, Key: keyOf(prefix) } }] })),
  },
  {
    name: 'check a condition',
    needs: 'ConditionCheckItem',
    run: (client, TableName, prefix) =>
      client.send(
        new TransactWriteItemsCommand({
          TransactItems: [{ ConditionCheck: { TableName, Key: keyOf(prefix), ...conditions } }],
        }),
      ),
  },
  {
    name: 'scan',
    needs: 'never',
    run: (client, TableName) => client.send(new ScanCommand({ TableName })),
  },
  {
    name: 'scan of the index',
    needs: 'never',
    run: (client, TableName) => client.send(new ScanCommand({ TableName, IndexName: collection.name })),
  },
  {
    name: 'PartiQL',
    needs: 'never',
    run: (client, TableName, prefix) =>
      client.send(
        new ExecuteStatementCommand({ Statement: `SELECT * FROM "${TableName}" WHERE pk = '${prefix}PROBE'` }),
      ),
  },
  {
    name: 'PartiQL by batch',
    needs: 'never',
    run: (client, TableName, prefix) =>
      client.send(
        new BatchExecuteStatementCommand({
          Statements: [{ Statement: `SELECT * FROM "${TableName}" WHERE pk = '${prefix}PROBE' AND sk = 'PROBE'` }],
        }),
      ),
  },
];

export const mixedAttempts: readonly {
  readonly name: string;
  readonly needs: TableAction;
  readonly run: (client: DynamoDBClient, table: string, own: string, foreign: string) => Promise<unknown>;
}[] = [
  {
    name: 'batch get',
    needs: 'BatchGetItem',
    run: (client, TableName, own, foreign) =>
      client.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [keyOf(own), keyOf(foreign)] } } })),
  },
  {
    name: 'transaction of puts',
    needs: 'PutItem',
    run: (client, TableName, own, foreign) =>
      client.send(
        new TransactWriteItemsCommand({
          TransactItems: [own, foreign].map((prefix) => ({ Put: { TableName, Item: keyOf(prefix) } })),
        }),
      ),
  },
  {
    name: 'transaction that checks a foreign item',
    needs: 'ConditionCheckItem',
    run: (client, TableName, own, foreign) =>
      client.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            { Put: { TableName, Item: keyOf(own) } },
            { ConditionCheck: { TableName, Key: keyOf(foreign), ...conditions } },
          ],
        }),
      ),
  },
];
