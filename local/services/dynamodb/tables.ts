import type { Assembly, Resource } from '../../contract.ts';
import type { EngineClient } from './engine-client.ts';

interface KeyElement {
  readonly AttributeName: string;
  readonly KeyType: 'HASH' | 'RANGE';
}

interface IndexProperties {
  readonly IndexName: string;
  readonly KeySchema: readonly KeyElement[];
  readonly Projection: unknown;
}

interface TableProperties {
  readonly AttributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: string }[];
  readonly KeySchema: readonly KeyElement[];
  readonly GlobalSecondaryIndexes?: readonly IndexProperties[];
  readonly LocalSecondaryIndexes?: readonly IndexProperties[];
  readonly StreamSpecification?: { readonly StreamViewType?: string };
  readonly TimeToLiveSpecification?: { readonly AttributeName?: string; readonly Enabled?: boolean };
}

export interface TableInformation {
  readonly name: string;
  readonly arn: string;
  readonly partitionKey: string;
  readonly sortKey: string | undefined;
  /** By index name. */
  readonly indexPartitionKeys: ReadonlyMap<string, string>;
  readonly timeToLiveAttribute: string | undefined;
  readonly streams: boolean;
}

export function tablesOf(assembly: Assembly): readonly TableInformation[] {
  return tableResources(assembly).map((resource) => {
    const properties = propertiesOf(resource);
    const indexes = [...(properties.GlobalSecondaryIndexes ?? []), ...(properties.LocalSecondaryIndexes ?? [])];
    const timeToLive = properties.TimeToLiveSpecification;
    return {
      name: resource.physicalId,
      arn: resource.arn ?? resource.physicalId,
      partitionKey: keyOf(properties.KeySchema, 'HASH') ?? '',
      sortKey: keyOf(properties.KeySchema, 'RANGE'),
      indexPartitionKeys: new Map(indexes.map((index) => [index.IndexName, keyOf(index.KeySchema, 'HASH') ?? ''])),
      timeToLiveAttribute: timeToLive?.Enabled === true ? timeToLive.AttributeName : undefined,
      streams: properties.StreamSpecification?.StreamViewType !== undefined,
    };
  });
}

/** Creates missing tables and updates the others. */
export async function deployTables(assembly: Assembly, client: EngineClient): Promise<void> {
  for (const resource of tableResources(assembly)) await deployTable(resource, client);
}

interface Description {
  readonly KeySchema: readonly KeyElement[];
  readonly GlobalSecondaryIndexes?: readonly IndexProperties[];
  readonly StreamSpecification?: { readonly StreamEnabled?: boolean };
}

async function deployTable(resource: Resource, client: EngineClient): Promise<void> {
  const properties = propertiesOf(resource);
  const name = resource.physicalId;
  const existing = await describe(client, name);
  if (existing === undefined) await createTable(client, name, properties);
  else await updateTable(client, resource, existing);
  await deployTimeToLive(client, name, properties);
}

async function createTable(client: EngineClient, name: string, properties: TableProperties): Promise<void> {
  const viewType = properties.StreamSpecification?.StreamViewType;
  const withIndexes = (indexes: readonly IndexProperties[] | undefined) =>
    indexes?.map(({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }));
  await send(client, 'CreateTable', {
    TableName: name,
    AttributeDefinitions: properties.AttributeDefinitions,
    KeySchema: properties.KeySchema,
    BillingMode: 'PAY_PER_REQUEST',
    GlobalSecondaryIndexes: withIndexes(properties.GlobalSecondaryIndexes),
    LocalSecondaryIndexes: withIndexes(properties.LocalSecondaryIndexes),
    ...(viewType === undefined ? {} : { StreamSpecification: { StreamEnabled: true, StreamViewType: viewType } }),
  });
}

async function updateTable(client: EngineClient, resource: Resource, existing: Description): Promise<void> {
  const properties = propertiesOf(resource);
  const name = resource.physicalId;
  if (keySignature(existing.KeySchema) !== keySignature(properties.KeySchema)) {
    throw new Error(
      `Table ${name} (${resource.stack}/${resource.logicalId}) has keys that differ from the template. ` +
        'AWS would replace the table; here, remove the data directory to start with an empty one.',
    );
  }
  const wanted = new Map((properties.GlobalSecondaryIndexes ?? []).map((index) => [index.IndexName, index]));
  for (const index of existing.GlobalSecondaryIndexes ?? []) {
    const same = wanted.get(index.IndexName);
    if (same !== undefined && keySignature(same.KeySchema) === keySignature(index.KeySchema)) {
      wanted.delete(index.IndexName);
      continue;
    }
    await updateIndexes(client, name, properties, { Delete: { IndexName: index.IndexName } });
  }
  for (const { IndexName, KeySchema, Projection } of wanted.values()) {
    await updateIndexes(client, name, properties, { Create: { IndexName, KeySchema, Projection } });
  }
  const viewType = properties.StreamSpecification?.StreamViewType;
  if (viewType !== undefined && existing.StreamSpecification?.StreamEnabled !== true) {
    await send(client, 'UpdateTable', {
      TableName: name,
      StreamSpecification: { StreamEnabled: true, StreamViewType: viewType },
    });
  }
}

async function updateIndexes(
  client: EngineClient,
  name: string,
  properties: TableProperties,
  update: object,
): Promise<void> {
  await send(client, 'UpdateTable', {
    TableName: name,
    AttributeDefinitions: properties.AttributeDefinitions,
    GlobalSecondaryIndexUpdates: [update],
  });
}

async function deployTimeToLive(client: EngineClient, name: string, properties: TableProperties): Promise<void> {
  const attribute = properties.TimeToLiveSpecification?.AttributeName;
  if (attribute === undefined || properties.TimeToLiveSpecification?.Enabled !== true) return;
  const described = (await send(client, 'DescribeTimeToLive', { TableName: name })) as {
    TimeToLiveDescription?: { TimeToLiveStatus?: string };
  };
  if (described.TimeToLiveDescription?.TimeToLiveStatus === 'ENABLED') return;
  await send(client, 'UpdateTimeToLive', {
    TableName: name,
    TimeToLiveSpecification: { AttributeName: attribute, Enabled: true },
  });
}

async function describe(client: EngineClient, name: string): Promise<Description | undefined> {
  const answer = await client.post('DynamoDB_20120810.DescribeTable', JSON.stringify({ TableName: name }));
  const body = JSON.parse(answer.body.toString()) as { Table?: Description; __type?: string };
  if (answer.status === 200) return body.Table;
  if (body.__type?.endsWith('ResourceNotFoundException') === true) return undefined;
  throw new Error(`DescribeTable ${name} failed: ${answer.body.toString()}`);
}

async function send(client: EngineClient, operation: string, input: object): Promise<unknown> {
  const answer = await client.post(`DynamoDB_20120810.${operation}`, JSON.stringify(input));
  if (answer.status !== 200) throw new Error(`${operation} failed: ${answer.body.toString()}`);
  return JSON.parse(answer.body.toString());
}

function tableResources(assembly: Assembly): Resource[] {
  return [...assembly.ofType('AWS::DynamoDB::Table'), ...assembly.ofType('AWS::DynamoDB::GlobalTable')];
}

function propertiesOf(resource: Resource): TableProperties {
  return resource.properties as unknown as TableProperties;
}

function keyOf(schema: readonly KeyElement[], type: KeyElement['KeyType']): string | undefined {
  return schema.find((element) => element.KeyType === type)?.AttributeName;
}

function keySignature(schema: readonly KeyElement[]): string {
  return `${keyOf(schema, 'HASH')}/${keyOf(schema, 'RANGE')}`;
}
