import { Stack, Validations } from 'aws-cdk-lib';
import type { IRole, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { type EnvironmentName, environmentNames } from '../../shared/core/runtime/config.ts';
import { platformPrefix, tableSchema } from '../../shared/core/table/schema.ts';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { FunctionGrants, PushAction } from './function-grants.ts';
import type { GrantTargets } from './grant-targets.ts';
import { allow, denyAcross, dynamodb, kms, onKeys, useOfTableKey, writes } from './statements.ts';
import { assumeStatement } from './tenant-role.ts';

export function environmentOf(
  grants: FunctionGrants,
  targets: GrantTargets,
  tenantRole: IRole | undefined,
): Record<string, string> {
  const values: Record<EnvironmentName, () => string> = {
    stagePrefix: () => targets.stagePrefix,
    tableName: () => targets.table.tableName,
    keysTableName: () => targets.keysTable.tableName,
    dataKeyId: () => targets.dataKey.keyId,
    signingKeyIds: () =>
      signingKeysOf(targets)
        .map((key) => key.keyId)
        .join(','),
    tenantRoleArn: () => tenantRole?.roleArn ?? '',
    eventBusName: () => busOf(targets).eventBusName,
    socketEndpoint: () => targets.socketEndpoint,
    publicUrl: () => targets.publicUrl,
    mailFrom: () => targets.mailFrom,
    mailConfigurationSet: () => configurationSetOf(targets),
    pushApplicationsArn: () => pushArn(targets, 'app'),
    originKey: () => targets.originKey,
    onlyThroughDistribution: () => String(targets.onlyThroughDistribution),
    filesBucketName: () => targets.filesBucket.bucketName,
    filesKeyId: () => targets.filesKey.keyArn,
    recordsBucketName: () => targets.recordsBucket.bucketName,
    recordsKeyId: () => targets.recordsKey.keyId,
    timersQueueUrl: () => timersOf(targets).queue.queueUrl,
    lanesQueueUrl: () => lanesQueueOf(targets).queueUrl,
    timersQueueArn: () => timersOf(targets).queue.queueArn,
    timersDeadLetterArn: () => timersOf(targets).deadLetterQueue.queueArn,
    timersGroupName: () => timersOf(targets).groupName,
    timersRoleArn: () => timersOf(targets).role.roleArn,
  };
  const names = new Set<EnvironmentName>(['stagePrefix', ...(grants.environment ?? [])]);
  if (grants.table ?? grants.indexes ?? grants.platformTable ?? grants.platformIndexes) names.add('tableName');
  if (grants.keysTable) names.add('keysTableName');
  if (grants.dataKey ?? grants.describesDataKey) names.add('dataKeyId');
  if (grants.signingKey) names.add('signingKeyIds');
  if (tenantRole) names.add('tenantRoleArn');
  if (grants.sockets) names.add('socketEndpoint');
  if (grants.files) names.add('filesBucketName');
  if (grants.files?.some((right) => right.endsWith('PutObject'))) names.add('filesKeyId');
  if (grants.records) names.add('recordsBucketName');
  if (grants.recordsKey) names.add('recordsKeyId');
  if (grants.publishesEvents) names.add('eventBusName');
  if (grants.sendsMail) names.add('mailFrom').add('mailConfigurationSet');
  if (grants.push) names.add('pushApplicationsArn');
  if (grants.sendsWakeUps) names.add('timersQueueUrl');
  if (grants.sendsLaneWakeUps) names.add('lanesQueueUrl');
  if (grants.schedulesWakeUps) {
    for (const name of ['timersGroupName', 'timersQueueArn', 'timersDeadLetterArn', 'timersRoleArn'] as const) {
      names.add(name);
    }
  }
  return Object.fromEntries([...names].map((name) => [environmentNames[name], values[name]()]));
}

/** Excludes tenants' data, which need the tenant role. */
export function statementsOf(
  grants: FunctionGrants,
  targets: GrantTargets,
  tenantRole: IRole | undefined,
): PolicyStatement[] {
  return [
    ...(tenantRole ? [assumeStatement(tenantRole)] : []),
    ...platformStatements(grants, targets),
    ...keyStatements(grants, targets),
    ...outwardStatements(grants, targets),
  ];
}

function platformStatements(grants: FunctionGrants, { table, tableKey }: GrantTargets): PolicyStatement[] {
  const { platformTable, platformIndexes } = grants;
  if (platformTable === undefined && platformIndexes === undefined) return [];
  const statements: PolicyStatement[] = [];
  const keys = `${platformPrefix}*`;
  if (platformTable) {
    statements.push(onKeys(keys, allow('PlatformTable', platformTable.map(dynamodb), [table.tableArn])));
  }
  if (platformIndexes) {
    const indexes = platformIndexes.map((name) => `${table.tableArn}/index/${tableSchema.indexes[name].name}`);
    statements.push(onKeys(keys, allow('PlatformIndexes', [dynamodb('Query')], indexes)));
  }
  return [
    ...statements,
    useOfTableKey(tableKey, writes(platformTable ?? []), Stack.of(table).region),
    denyAcross([table.tableArn, `${table.tableArn}/index/*`]),
  ];
}

function keyStatements(grants: FunctionGrants, targets: GrantTargets): PolicyStatement[] {
  const statements: PolicyStatement[] = [];
  // DescribeKey has no encryption context, so no condition can name a tenant.
  if (grants.describesDataKey)
    statements.push(allow('DescribeDataKey', [kms('DescribeKey')], [targets.dataKey.keyArn]));
  if (grants.signingKey?.includes('Sign')) {
    statements.push(allow('SigningKey', [kms('Sign')], [signingKeysOf(targets)[0].keyArn]));
  }
  if (grants.signingKey?.includes('GetPublicKey')) {
    const published = signingKeysOf(targets).map((key) => key.keyArn);
    statements.push(allow('PublishedKeys', [kms('GetPublicKey')], published));
  }
  if (grants.recordsKey) {
    statements.push(allow('RecordsKey', grants.recordsKey.map(kms), [targets.recordsKey.keyArn]));
  }
  return statements;
}

function outwardStatements(grants: FunctionGrants, targets: GrantTargets): PolicyStatement[] {
  const statements: PolicyStatement[] = [];
  if (grants.sockets) {
    const resources = grants.sockets.map((method) => `${targets.socketStageArn}/${method}/@connections/*`);
    statements.push(allow('Sockets', ['execute-api:ManageConnections'], resources));
  }
  if (grants.publishesEvents) {
    statements.push(allow('EventBus', ['events:PutEvents'], [busOf(targets).eventBusArn]));
  }
  if (grants.sendsMail) statements.push(mailStatement(targets));
  if (grants.push) statements.push(...pushStatements(grants.push, targets));
  if (grants.sendsWakeUps) {
    statements.push(allow('WakeUps', ['sqs:SendMessage'], [timersOf(targets).queue.queueArn]));
  }
  if (grants.sendsLaneWakeUps) {
    statements.push(allow('LaneWakeUps', ['sqs:SendMessage'], [lanesQueueOf(targets).queueArn]));
  }
  if (grants.schedulesWakeUps) statements.push(...scheduleStatements(targets));
  return statements;
}

/**
 * SES checks the configuration set, the sender's identity, and in the sandbox each recipient's identity. So the
 * identities are open, and a condition limits the sender.
 * https://docs.aws.amazon.com/ses/latest/dg/control-user-access.html https://github.com/aws/aws-sdk-js/issues/3641
 */
function mailStatement(targets: GrantTargets): PolicyStatement {
  const { mailFrom, table } = targets;
  const statement = allow('Mail', ['ses:SendEmail'], mailResources(Stack.of(table), configurationSetOf(targets)));
  statement.addCondition('StringEquals', { 'ses:FromAddress': mailFrom });
  return statement;
}

function mailResources(stack: Stack, configurationSet: string): string[] {
  const named = { identity: '*', 'configuration-set': configurationSet };
  return Object.entries(named).map(([resource, resourceName]) =>
    stack.formatArn({ service: 'ses', resource, resourceName }),
  );
}

export function acknowledgeMail(role: Role, grants: FunctionGrants, { table }: GrantTargets): void {
  if (!grants.sendsMail) return;
  Validations.of(role).acknowledge({
    id: `AwsSolutions-IAM5[Resource::arn:aws:ses:${Stack.of(table).region}:<AWS::AccountId>:identity/*]`,
    reason: 'In its sandbox, SES also checks each recipient’s identity. A condition limits the sender',
  });
}

/**
 * The command line creates the platform applications. They have the name of the stage, and each platform its own.
 * https://docs.aws.amazon.com/sns/latest/dg/mobile-push-send.html
 */
function pushStatements(actions: readonly PushAction[], targets: GrantTargets): PolicyStatement[] {
  const ofApplications = actions.filter((action) => action === 'CreatePlatformEndpoint').map(sns);
  const ofEndpoints = actions.filter((action) => action !== 'CreatePlatformEndpoint').map(sns);
  const applications = `${pushArn(targets, 'app')}/*/${targets.stagePrefix}`;
  const endpoints = `${pushArn(targets, 'endpoint')}/*/${targets.stagePrefix}/*`;
  return [
    ...(ofApplications.length === 0 ? [] : [allow('PushApplications', ofApplications, [applications])]),
    ...(ofEndpoints.length === 0 ? [] : [allow('PushEndpoints', ofEndpoints, [endpoints])]),
  ];
}

function sns(action: PushAction): string {
  return `sns:${action}`;
}

function pushArn({ table }: GrantTargets, resource: 'app' | 'endpoint'): string {
  return Stack.of(table).formatArn({ service: 'sns', resource });
}

/**
 * Creating a schedule passes it the role of its target.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/security_iam_id-based-policies.html
 */
function scheduleStatements(targets: GrantTargets): PolicyStatement[] {
  const { role } = timersOf(targets);
  const pass = allow('ScheduleRole', ['iam:PassRole'], [role.roleArn]);
  pass.addCondition('StringEquals', { 'iam:PassedToService': 'scheduler.amazonaws.com' });
  return [allow('Schedules', ['scheduler:CreateSchedule'], [schedulesOf(targets)]), pass];
}

function schedulesOf(targets: GrantTargets): string {
  const resourceName = `${timersOf(targets).groupName}/*`;
  return Stack.of(targets.table).formatArn({ service: 'scheduler', resource: 'schedule', resourceName });
}

/** The findings of cdk-nag for wildcards. */
export function acknowledgePushes(role: Role, { push }: FunctionGrants, { table, stagePrefix }: GrantTargets): void {
  const found = [
    ...(push?.includes('CreatePlatformEndpoint') === true ? [`app/*/${stagePrefix}`] : []),
    ...(push?.some((action) => action !== 'CreatePlatformEndpoint') === true ? [`endpoint/*/${stagePrefix}/*`] : []),
  ];
  for (const resource of found) {
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:aws:sns:${Stack.of(table).region}:<AWS::AccountId>:${resource}]`,
      reason: 'A device creates its endpoint while the stage runs. The grant covers the applications of the stage',
    });
  }
}

export function acknowledgeSchedules(role: Role, grants: FunctionGrants, targets: GrantTargets): void {
  if (!grants.schedulesWakeUps) return;
  const { region } = Stack.of(targets.table);
  Validations.of(role).acknowledge({
    id: `AwsSolutions-IAM5[Resource::arn:aws:scheduler:${region}:<AWS::AccountId>:schedule/${timersOf(targets).groupName}/*]`,
    reason: 'The name of a schedule is the digest of its timer. The grant covers one group',
  });
}

function timersOf({ timers }: GrantTargets) {
  if (timers === undefined) throw new Error('This stack has no timers');
  return timers;
}

function lanesQueueOf({ lanesQueue }: GrantTargets) {
  if (lanesQueue === undefined) throw new Error('This stack has no queue of lanes');
  return lanesQueue;
}

function configurationSetOf({ mailConfigurationSet }: GrantTargets): string {
  if (mailConfigurationSet === undefined) throw new Error('This stack has no configuration set of mails');
  return mailConfigurationSet;
}

function signingKeysOf({ signingKeys: [first, ...others] = [] }: GrantTargets): [IKey, ...IKey[]] {
  if (first === undefined) throw new Error('This stack has no signing key');
  return [first, ...others];
}

function busOf({ eventBus }: GrantTargets) {
  if (eventBus === undefined) throw new Error('This stack has no event bus to publish to');
  return eventBus;
}
