import type { Assembly, AwsEndpoint, Resource } from '../contract.ts';

export interface TableKeys {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey: string | undefined;
  readonly indexes: readonly string[];
}

export interface ItemPage {
  /** DynamoDB's own JSON. */
  readonly items: readonly Readonly<Record<string, Readonly<Record<string, unknown>>>>[];
  readonly next: string | undefined;
}

type Caller = Pick<AwsEndpoint, 'call'>;

const pageSize = 50;

export function listTables(assembly: Assembly): TableKeys[] {
  return [...assembly.ofType('AWS::DynamoDB::Table'), ...assembly.ofType('AWS::DynamoDB::GlobalTable')].map(keysOf);
}

/** Reads as the account's owner: functions may not scan. */
export async function readItems(
  table: TableKeys,
  aws: Caller,
  query: { readonly partition?: string; readonly next?: string },
): Promise<ItemPage> {
  const from = query.next === undefined ? {} : { ExclusiveStartKey: JSON.parse(decode(query.next)) as object };
  const answer =
    query.partition === undefined || query.partition === ''
      ? await aws.call('dynamodb', 'Scan', { TableName: table.name, Limit: pageSize, ...from })
      : await aws.call('dynamodb', 'Query', {
          TableName: table.name,
          Limit: pageSize,
          KeyConditionExpression: '#key = :value',
          ExpressionAttributeNames: { '#key': table.partitionKey },
          ExpressionAttributeValues: { ':value': { S: query.partition } },
          ...from,
        });
  const last = answer['LastEvaluatedKey'];
  return {
    items: (answer['Items'] as ItemPage['items'] | undefined) ?? [],
    next: last === undefined ? undefined : encode(JSON.stringify(last)),
  };
}

export function plainItem(item: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: Readonly<Record<string, unknown>>): unknown {
  const [type = '', content] = Object.entries(value)[0] ?? [];
  switch (type) {
    case 'N':
      return Number(content);
    case 'NULL':
      return null;
    case 'M':
      return plainItem(content as Readonly<Record<string, Readonly<Record<string, unknown>>>>);
    case 'L':
      return (content as Readonly<Record<string, unknown>>[]).map(plainValue);
    case 'NS':
      return (content as string[]).map(Number);
    default:
      return content;
  }
}

function keysOf(table: Resource): TableKeys {
  const properties = table.properties as {
    KeySchema: { AttributeName: string; KeyType: string }[];
    GlobalSecondaryIndexes?: { IndexName: string }[];
  };
  const key = (type: string): string | undefined =>
    properties.KeySchema.find(({ KeyType }) => KeyType === type)?.AttributeName;
  return {
    name: table.physicalId,
    partitionKey: key('HASH') ?? '',
    sortKey: key('RANGE'),
    indexes: (properties.GlobalSecondaryIndexes ?? []).map(({ IndexName }) => IndexName),
  };
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}

function decode(text: string): string {
  return Buffer.from(text, 'base64url').toString('utf8');
}
