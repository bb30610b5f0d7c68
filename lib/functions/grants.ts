import { Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { environmentNames } from '../../shared/runtime/config.ts';
import { tableSchema } from '../../shared/table/schema.ts';
import type { EnvironmentName, FunctionDefinition } from './definitions.ts';

/** What the grants of the function definitions refer to. */
export interface GrantTargets {
  readonly table: TableV2;
  readonly keysTable: TableV2;
  /** Encrypts the tables at rest. */
  readonly tableKey: IKey;
  readonly dataKey: IKey;
  readonly signingKey: IKey;
  readonly eventBus?: EventBus;
  readonly publicUrl: string;
  readonly socketEndpoint: string;
  /** `arn:…:execute-api:…:<api>/<stage>` of the WebSocket API. */
  readonly socketStageArn: string;
  /** The same as cdk-nag writes it in its findings. */
  readonly socketStageFinding: string;
  readonly mailFrom: string;
  readonly originKey: string;
}

/** The function's variables: what it was granted, by name, and what it asked for besides. */
export function environmentOf(definition: FunctionDefinition, targets: GrantTargets): Record<string, string> {
  const values: Record<EnvironmentName, () => string> = {
    tableName: () => targets.table.tableName,
    keysTableName: () => targets.keysTable.tableName,
    dataKeyId: () => targets.dataKey.keyId,
    signingKeyId: () => targets.signingKey.keyId,
    eventBusName: () => busOf(targets).eventBusName,
    socketEndpoint: () => targets.socketEndpoint,
    publicUrl: () => targets.publicUrl,
    mailFrom: () => targets.mailFrom,
    originKey: () => targets.originKey,
  };
  const wanted = new Set<EnvironmentName>(definition.environment);
  if (definition.table) wanted.add('tableName');
  if (definition.keysTable) wanted.add('keysTableName');
  if (definition.dataKey) wanted.add('dataKeyId');
  if (definition.signingKey) wanted.add('signingKeyId');
  if (definition.sockets) wanted.add('socketEndpoint');
  if (definition.publishesEvents) wanted.add('eventBusName');
  if (definition.sendsMail) wanted.add('mailFrom');
  return Object.fromEntries([...wanted].map((name) => [environmentNames[name], values[name]()]));
}

/** The function's rights, one statement per kind of resource, each under a name. */
export function statementsOf(definition: FunctionDefinition, targets: GrantTargets): PolicyStatement[] {
  return [
    ...tableStatements(definition, targets),
    ...keyStatements(definition, targets),
    ...outwardStatements(definition, targets),
  ];
}

function tableStatements(
  definition: FunctionDefinition,
  { table, keysTable, tableKey }: GrantTargets,
): PolicyStatement[] {
  const statements: PolicyStatement[] = [];
  const touched: string[] = [];
  if (definition.table) {
    statements.push(allow('Table', definition.table.map(dynamodb), [table.tableArn]));
    touched.push(table.tableArn, `${table.tableArn}/index/*`);
  }
  if (definition.indexes) {
    const indexes = definition.indexes.map((name) => `${table.tableArn}/index/${tableSchema.indexes[name].name}`);
    statements.push(allow('Indexes', [dynamodb('Query')], indexes));
  }
  if (definition.keysTable) {
    statements.push(allow('KeysTable', definition.keysTable.map(dynamodb), [keysTable.tableArn]));
    touched.push(keysTable.tableArn);
  }
  if (touched.length === 0) return statements;
  // Whoever uses a table that is encrypted with a customer managed key needs that key too, but only through DynamoDB.
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
  const actions = [
    'kms:Decrypt',
    'kms:DescribeKey',
    ...(writes(definition) ? ['kms:Encrypt', 'kms:GenerateDataKey'] : []),
  ];
  const useTableKey = allow('TableKey', actions, [tableKey.keyArn]);
  useTableKey.addCondition('StringEquals', { 'kms:ViaService': `dynamodb.${Stack.of(table).region}.amazonaws.com` });
  statements.push(useTableKey);
  // A Scan or a PartiQL statement without a key would read across tenants: no later grant may allow one by mistake.
  statements.push(
    new PolicyStatement({
      sid: 'NeverAcrossTenants',
      effect: Effect.DENY,
      actions: ['dynamodb:Scan', 'dynamodb:PartiQL*'],
      resources: touched,
    }),
  );
  return statements;
}

function keyStatements(definition: FunctionDefinition, { dataKey, signingKey }: GrantTargets): PolicyStatement[] {
  const statements: PolicyStatement[] = [];
  const describe = definition.dataKey?.filter((action) => action === 'DescribeKey') ?? [];
  const useDataKey = definition.dataKey?.filter((action) => action !== 'DescribeKey') ?? [];
  if (useDataKey.length > 0) {
    const statement = allow('DataKey', useDataKey.map(kms), [dataKey.keyArn]);
    // A data key is wrapped for one tenant; without its name in the encryption context nothing is unwrapped.
    statement.addCondition('Null', { 'kms:EncryptionContext:tenant': 'false' });
    statements.push(statement);
  }
  // DescribeKey takes no encryption context.
  if (describe.length > 0) statements.push(allow('DescribeDataKey', describe.map(kms), [dataKey.keyArn]));
  if (definition.signingKey) {
    statements.push(allow('SigningKey', definition.signingKey.map(kms), [signingKey.keyArn]));
  }
  return statements;
}

function outwardStatements(definition: FunctionDefinition, targets: GrantTargets): PolicyStatement[] {
  const statements: PolicyStatement[] = [];
  if (definition.sockets) {
    const resources = definition.sockets.map((method) => `${targets.socketStageArn}/${method}/@connections/*`);
    statements.push(allow('Sockets', ['execute-api:ManageConnections'], resources));
  }
  if (definition.publishesEvents) {
    statements.push(allow('EventBus', ['events:PutEvents'], [busOf(targets).eventBusArn]));
  }
  if (definition.sendsMail) {
    // SES authorises against the address' own identity if there is one, else against its domain's.
    const identities = [targets.mailFrom, targets.mailFrom.slice(targets.mailFrom.indexOf('@') + 1)];
    const stack = Stack.of(targets.table);
    const arns = identities.map((name) =>
      stack.formatArn({ service: 'ses', resource: 'identity', resourceName: name }),
    );
    statements.push(allow('Mail', ['ses:SendEmail'], arns));
  }
  return statements;
}

function writes({ table, keysTable }: FunctionDefinition): boolean {
  const changes: readonly string[] = ['PutItem', 'UpdateItem', 'DeleteItem'];
  return [...(table ?? []), ...(keysTable ?? [])].some((action) => changes.includes(action));
}

function allow(sid: string, actions: string[], resources: string[]): PolicyStatement {
  return new PolicyStatement({ sid, actions, resources });
}

function dynamodb(action: string): string {
  return `dynamodb:${action}`;
}

function kms(action: string): string {
  return `kms:${action}`;
}

function busOf({ eventBus }: GrantTargets) {
  if (eventBus === undefined) throw new Error('This stack has no event bus to publish to');
  return eventBus;
}
