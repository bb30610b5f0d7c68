import type { FunctionGrants } from '../../lib/functions/function-grants.ts';
import { CodeReader, type ReachedCode } from './reached-code.ts';

type Grant = keyof FunctionGrants;

const tableActions = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'];
const objectActions = ['GetObject', 'PutObject', 'DeleteObject', 'ListBucket'];

const commandGrants: Readonly<Record<string, readonly [grant: Grant, right: string | true] | 'follows'>> = {
  'tenantRoleArn AssumeRole': 'follows',
  'dataKeyId DescribeKey': ['describesDataKey', true],
  'dataKeyId Decrypt': ['dataKey', 'Decrypt'],
  'dataKeyId GenerateDataKeyWithoutPlaintext': ['dataKey', 'GenerateDataKeyWithoutPlaintext'],
  'signingKeyIds Sign': ['signingKey', 'Sign'],
  'signingKeyIds GetPublicKey': ['signingKey', 'GetPublicKey'],
  'recordsKeyId Sign': ['recordsKey', 'Sign'],
  'recordsKeyId GetPublicKey': ['recordsKey', 'GetPublicKey'],
  'recordsBucketName GetObject': ['records', 'GetObject'],
  'recordsBucketName PutObject': ['records', 'PutObject'],
  'recordsBucketName ListObjectsV2': ['records', 'ListBucket'],
  'socketEndpoint PostToConnection': ['sockets', 'POST'],
  'socketEndpoint DeleteConnection': ['sockets', 'DELETE'],
  'eventBusName PutEvents': ['publishesEvents', true],
  'mailFrom SendEmail': ['sendsMail', true],
  'pushApplicationsArn CreatePlatformEndpoint': ['push', 'CreatePlatformEndpoint'],
  'pushApplicationsArn GetEndpointAttributes': ['push', 'GetEndpointAttributes'],
  'pushApplicationsArn SetEndpointAttributes': ['push', 'SetEndpointAttributes'],
  'pushApplicationsArn DeleteEndpoint': ['push', 'DeleteEndpoint'],
  'pushApplicationsArn Publish': ['push', 'Publish'],
  'timersQueueUrl SendMessageBatch': ['sendsWakeUps', true],
  'lanesQueueUrl SendMessageBatch': ['sendsLaneWakeUps', true],
  // The mapping of the queue grants it.
  'timersQueueUrl ChangeMessageVisibilityBatch': 'follows',
  'timersGroupName CreateSchedule': ['schedulesWakeUps', true],
};

const givenSettings: ReadonlySet<string> = new Set([
  ...['functionName', 'ownCredentials', 'region', 'traceId', 'farSides', 'endpointUrl', 'stagePrefix'],
  ...['tableName', 'keysTableName', 'dataKeyId', 'signingKeyIds', 'tenantRoleArn', 'socketEndpoint', 'eventBusName'],
  ...['filesBucketName', 'filesKeyId', 'recordsBucketName', 'recordsKeyId', 'mailFrom'],
  ...['mailConfigurationSet', 'pushApplicationsArn'],
  ...['lanesQueueUrl', 'timersQueueUrl', 'timersGroupName', 'timersQueueArn', 'timersDeadLetterArn', 'timersRoleArn'],
]);

/** Derives exactly the rights that the code can use. */
export function deriveGrants(
  names: readonly string[],
  reader = new CodeReader(names),
): Readonly<Record<string, FunctionGrants>> {
  return Object.fromEntries(names.map((name) => [name, grantsFor(reader.reach(name))]));
}

export function serialisedGrants(grants: Readonly<Record<string, FunctionGrants>>): string {
  const functions = Object.entries(grants).map(([name, granted]) => {
    const lines = Object.entries(granted).map(([grant, rights]) => `    "${grant}": ${listOf(rights)}`);
    return `  "${name}": {\n${lines.join(',\n')}\n  }`;
  });
  return `{\n${functions.join(',\n')}\n}\n`;
}

function listOf(rights: unknown): string {
  return Array.isArray(rights)
    ? `[${rights.map((right) => JSON.stringify(right)).join(', ')}]`
    : JSON.stringify(rights);
}

/** @throws Error for a command without a known grant. */
export function grantsFor(code: ReachedCode): FunctionGrants {
  const unknown = [...code.commands].filter((command) => !(command in commandGrants));
  if (unknown.length > 0) throw new Error(`Add the grants of ${unknown.join(', ')} to bin/grants/derive-grants.ts`);
  const granted = Object.entries(commandGrants).flatMap(([command, grant]) =>
    code.commands.has(command) && grant !== 'follows' ? [grant] : [],
  );
  const rights = (wanted: Grant) => granted.filter(([grant]) => grant === wanted).map(([, right]) => right);
  const on = (resource: string, actions: readonly string[]) =>
    actions.filter((action) => code.operations.has(`${resource} ${action}`));
  const lists: Readonly<Partial<Record<Grant, readonly unknown[]>>> = {
    table: on('table', tableActions),
    indexes: on('table', ['Query collection']).map(() => 'collection'),
    keysTable: on('keysTable', tableActions),
    dataKey: rights('dataKey'),
    platformTable: on('platformTable', tableActions),
    platformIndexes: on('platformTable', ['Query collection']).map(() => 'collection'),
    signingKey: rights('signingKey'),
    sockets: rights('sockets'),
    files: ['quarantine', 'files'].flatMap((area) => on(area, objectActions).map((action) => `${area} ${action}`)),
    records: rights('records'),
    recordsKey: rights('recordsKey'),
    push: rights('push'),
    environment: [...code.settings].filter((setting) => !givenSettings.has(setting)).sort(),
  };
  const flags = (
    [
      'describesDataKey',
      'publishesEvents',
      'sendsMail',
      'sendsWakeUps',
      'sendsLaneWakeUps',
      'schedulesWakeUps',
    ] as const
  ).filter((flag) => rights(flag).length > 0);
  return Object.fromEntries([
    ...Object.entries(lists).filter(([, list]) => list.length > 0),
    ...flags.map((flag) => [flag, true] as const),
  ]) as FunctionGrants;
}
