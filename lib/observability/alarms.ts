import { Duration } from 'aws-cdk-lib';
import { type IMetric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { FunctionName } from '../functions/definitions.ts';
import {
  functionMetric,
  httpMetric,
  keyServiceCalls,
  metricsPerExpression,
  ownMetric,
  queueMetric,
  socketMetric,
  type Sources,
  sum,
  tableMetric,
} from './metrics.ts';

/** An alarm: what is watched, from what value on, and where `docs/operations.md` says what to do. */
export interface AlarmDefinition {
  readonly name: string;
  readonly runbook: string;
  readonly meaning: string;
  readonly metric: IMetric;
  /** The alarm goes off at this value. */
  readonly threshold: number;
  /** Of so many periods in a row; 1 if absent. */
  readonly periods?: number;
}

export interface WatchedQueues {
  /** Queues of consumers. */
  readonly work: readonly string[];
  readonly dead: readonly string[];
}

const authorizers: readonly FunctionName[] = ['authorize-http', 'authorize-socket'];

/** All alarms of a stage. */
export function alarmDefinitions(prefix: string, sources: Sources, queues: WatchedQueues): AlarmDefinition[] {
  return [
    ...apiAlarms(sources),
    ...functionAlarms(prefix, sources),
    ...queueAlarms(queues),
    ...storageAlarms(sources),
    ...promiseAlarms(prefix, sources),
  ];
}

function apiAlarms(sources: Sources): AlarmDefinition[] {
  return [
    {
      name: 'http-errors',
      runbook: 'http-errors',
      meaning: 'The HTTP API answered with 5xx',
      metric: httpMetric(sources, '5xx'),
      threshold: 5,
    },
    {
      name: 'socket-errors',
      runbook: 'socket-errors',
      meaning: 'Frames or connections failed inside of the WebSocket API',
      metric: sum([socketMetric(sources, 'IntegrationError'), socketMetric(sources, 'ExecutionError')], 'Errors'),
      threshold: 5,
    },
  ];
}

function functionAlarms(prefix: string, { functionNames }: Sources): AlarmDefinition[] {
  const authorizerNames = authorizers.map((name) => `${prefix}-${name}`);
  return [
    ...functionNames.map((functionName) => ({
      name: `${functionName.slice(prefix.length + 1)}-errors`,
      runbook: authorizerNames.includes(functionName) ? 'authorizer-errors' : 'function-errors',
      meaning: `${functionName} crashed, timed out or threw`,
      metric: functionMetric(functionName, 'Errors'),
      threshold: 1,
    })),
    ...functionNames.map((functionName) => ({
      name: `${functionName.slice(prefix.length + 1)}-throttles`,
      runbook: 'function-throttles',
      meaning: `${functionName} was refused for lack of concurrency`,
      metric: functionMetric(functionName, 'Throttles'),
      threshold: 1,
    })),
    {
      name: 'stream-age',
      runbook: 'stream-age',
      meaning: 'Records of the table’s stream wait for more than a minute',
      metric: functionMetric(`${prefix}-project-log`, 'IteratorAge', Stats.MAXIMUM).with({
        period: Duration.minutes(1),
      }),
      threshold: 60_000,
      periods: 3,
    },
  ];
}

function queueAlarms({ work, dead }: WatchedQueues): AlarmDefinition[] {
  return [
    ...dead.map((queueName) => ({
      name: `${queueName}-letters`,
      runbook: 'dead-letters',
      meaning: `${queueName} holds what could not be handled`,
      metric: queueMetric(queueName, 'ApproximateNumberOfMessagesVisible'),
      threshold: 1,
    })),
    ...work.map((queueName) => ({
      name: `${queueName}-age`,
      runbook: 'queue-age',
      meaning: `Messages of ${queueName} wait for more than ten minutes`,
      metric: queueMetric(queueName, 'ApproximateAgeOfOldestMessage'),
      threshold: 600,
      periods: 2,
    })),
  ];
}

function storageAlarms({ tableName, keysTableName }: Sources): AlarmDefinition[] {
  const throttles = [tableName, keysTableName].flatMap((name) => [
    tableMetric(name, 'ReadThrottleEvents'),
    tableMetric(name, 'WriteThrottleEvents'),
  ]);
  const operations = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems'];
  return [
    {
      name: 'table-throttles',
      runbook: 'table-throttles',
      meaning: 'DynamoDB refused requests: a partition is hot, or the account is at its limit',
      metric: sum(throttles, 'Throttled requests'),
      threshold: 10,
    },
    {
      name: 'table-errors',
      runbook: 'table-errors',
      meaning: 'DynamoDB failed',
      metric: sum(
        operations.map((operation) => tableMetric(tableName, 'SystemErrors', operation)),
        'System errors',
      ),
      threshold: 5,
    },
    {
      name: 'key-calls',
      runbook: 'key-calls',
      // Keys are cached for minutes, so even a busy stage makes few calls. The lowest quota of any region is 5,500 a
      // second: https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html
      meaning: 'The account calls KMS a thousand times a second and more: KMS may soon throttle',
      metric: keyServiceCalls(),
      threshold: 60_000,
      periods: 3,
    },
  ];
}

function promiseAlarms(prefix: string, { functionNames }: Sources): AlarmDefinition[] {
  const chunks: string[][] = [];
  for (let start = 0; start < functionNames.length; start += metricsPerExpression) {
    chunks.push(functionNames.slice(start, start + metricsPerExpression));
  }
  return [
    ...chunks.map((names, index) => ({
      name: `cross-tenant-${index + 1}`,
      runbook: 'cross-tenant',
      meaning: 'Data of another tenant was reached for, and withheld: a mistake in the code',
      metric: sum(
        names.map((name) => ownMetric('CrossTenantDenied', name)),
        'Withheld',
      ),
      threshold: 1,
    })),
    {
      name: 'refresh-reuse',
      runbook: 'refresh-reuse',
      meaning: 'Used refresh tokens came back: tokens may have been stolen, or a client is broken',
      metric: ownMetric('RefreshReuse', `${prefix}-auth`),
      threshold: 5,
    },
  ];
}
