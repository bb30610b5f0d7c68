import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Assembly, Resource } from '../contract.ts';
import { engineClient } from '../services/dynamodb/engine-client.ts';
import type { EngineClient } from '../services/dynamodb/engine-client.ts';
import { startEngine } from '../services/dynamodb/engine-process.ts';
import type { EngineProcess } from '../services/dynamodb/engine-process.ts';
import { deployTables, tablesOf } from '../services/dynamodb/tables.ts';
import { temporaryDirectory } from './sample-account.ts';

const directory = temporaryDirectory();
let engine: EngineProcess;
let client: EngineClient;

beforeAll(async () => {
  engine = await startEngine(join(directory.path, 'data'), undefined);
  client = engineClient(engine.host, engine.port);
});

afterAll(async () => {
  client.stop();
  await engine.stop();
  directory.remove();
});

function assemblyWith(properties: object, type = 'AWS::DynamoDB::Table'): Assembly {
  const resource: Resource = {
    stack: 'Data',
    logicalId: 'Table',
    type,
    physicalId: 'items',
    arn: 'arn:aws:dynamodb:eu-west-1:000000000000:table/items',
    properties: properties as Record<string, unknown>,
  };
  return {
    directory: '',
    region: 'eu-west-1',
    accountId: '000000000000',
    resources: [resource],
    outputs: {},
    ofType: (wanted) => (wanted === type ? [resource] : []),
    byArn: () => undefined,
    asset: () => undefined,
  };
}

const attribute = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' });
const index = (IndexName: string, partitionKey: string) => ({
  IndexName,
  KeySchema: [{ AttributeName: partitionKey, KeyType: 'HASH' }],
  Projection: { ProjectionType: 'ALL' },
});
const plain = {
  AttributeDefinitions: [attribute('pk')],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
};

async function described(): Promise<Record<string, unknown>> {
  const answer = await client.post('DynamoDB_20120810.DescribeTable', '{"TableName":"items"}');
  return (JSON.parse(answer.body.toString()) as { Table: Record<string, unknown> }).Table;
}

async function put(item: object): Promise<number> {
  const body = JSON.stringify({ TableName: 'items', Item: item });
  return (await client.post('DynamoDB_20120810.PutItem', body)).status;
}

describe('deploying tables', () => {
  it('creates tables once, and updates them without losing items', async () => {
    await deployTables(assemblyWith(plain), client);
    expect(await put({ pk: { S: 'kept' }, owner: { S: 'ann' }, kind: { S: 'x' } })).toBe(200);

    const withIndex = {
      ...plain,
      AttributeDefinitions: [attribute('pk'), attribute('owner')],
      GlobalSecondaryIndexes: [index('byOwner', 'owner')],
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    };
    await deployTables(assemblyWith(withIndex), client);
    await deployTables(assemblyWith(withIndex), client);
    expect(await described()).toMatchObject({
      GlobalSecondaryIndexes: [{ IndexName: 'byOwner' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    });

    const otherIndex = {
      ...withIndex,
      AttributeDefinitions: [attribute('pk'), attribute('kind')],
      GlobalSecondaryIndexes: [index('byKind', 'kind')],
    };
    await deployTables(assemblyWith(otherIndex, 'AWS::DynamoDB::GlobalTable'), client);
    expect(await described()).toMatchObject({ GlobalSecondaryIndexes: [{ IndexName: 'byKind' }] });
    const query = {
      TableName: 'items',
      IndexName: 'byKind',
      KeyConditionExpression: 'kind = :k',
      ExpressionAttributeValues: { ':k': { S: 'x' } },
    };
    const answer = await client.post('DynamoDB_20120810.Query', JSON.stringify(query));
    expect(JSON.parse(answer.body.toString())).toMatchObject({ Items: [{ pk: { S: 'kept' } }] });
  });

  it('rejects changed keys', async () => {
    const otherKeys = {
      AttributeDefinitions: [attribute('id')],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    };
    await expect(deployTables(assemblyWith(otherKeys), client)).rejects.toThrow(
      'Table items (Data/Table) has keys that differ from the template',
    );
  });

  it('finds their keys, indexes and expiry', () => {
    const properties = {
      ...plain,
      GlobalSecondaryIndexes: [index('byOwner', 'owner')],
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    };
    expect(tablesOf(assemblyWith(properties))).toMatchObject([
      {
        name: 'items',
        partitionKey: 'pk',
        sortKey: undefined,
        indexPartitionKeys: new Map([['byOwner', 'owner']]),
        timeToLiveAttribute: 'expiresAt',
        streams: false,
      },
    ]);
  });
});

describe('the engine’s client', () => {
  it('matches answers to requests when there are more requests than connections', async () => {
    const names = Array.from({ length: 200 }, (_entry, number) => `table-${number}`);
    const answers = await Promise.all(
      names.map((name) => client.post('DynamoDB_20120810.DescribeTable', JSON.stringify({ TableName: name }))),
    );
    names.forEach((name, number) => {
      expect(answers[number]?.status).toBe(400);
      expect(answers[number]?.body.toString()).toContain(`Table: ${name} not found`);
    });
  });

  it('accepts answers and requests of megabytes', async () => {
    for (let part = 0; part < 4; part += 1) {
      expect(await put({ pk: { S: `large-${part}` }, text: { S: 'ä'.repeat(150_000) } })).toBe(200);
    }
    const answer = await client.post(
      'DynamoDB_20120810.Scan',
      '{"TableName":"items","ProjectionExpression":"#t","ExpressionAttributeNames":{"#t":"text"}}',
    );
    const { Items: items = [] } = JSON.parse(answer.body.toString()) as { Items?: { text?: { S: string } }[] };
    const lengths = items.flatMap((item) => (item.text === undefined ? [] : [item.text.S.length]));
    expect(lengths.length).toBeGreaterThan(1);
    expect(new Set(lengths)).toEqual(new Set([150_000]));
  });
});

it('finds stream records by indexes, without scanning all records', () => {
  const database = new DatabaseSync(join(directory.path, 'data', 'dynamodb.sqlite'), { readOnly: true });
  const queries = [
    'SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1 FROM _stream_records WHERE table_name = ?1',
    'SELECT keys_json FROM _stream_records WHERE table_name = ?1 AND shard_id = ?2 AND CAST(sequence_number AS INTEGER) > ?3 ORDER BY CAST(sequence_number AS INTEGER) ASC LIMIT ?4',
    'SELECT MIN(sequence_number), MAX(sequence_number) FROM _stream_records WHERE table_name = ?1 AND shard_id = ?2',
  ];
  const plans = queries.map((query) =>
    database
      .prepare(`EXPLAIN QUERY PLAN ${query}`)
      .all(...Array.from({ length: query.includes('?4') ? 4 : query.includes('?2') ? 2 : 1 }, () => 'x'))
      .map(({ detail }) => detail),
  );
  expect(plans).toEqual([
    [expect.stringMatching(/^SEARCH .* USING COVERING INDEX switchboard_stream_order/)],
    [expect.stringMatching(/^SEARCH .* USING INDEX switchboard_stream_order/)],
    [expect.stringMatching(/^SEARCH .* USING COVERING INDEX switchboard_stream_range/)],
  ]);
  database.close();
});
