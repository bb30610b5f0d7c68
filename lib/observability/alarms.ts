import { Duration } from 'aws-cdk-lib';
import { Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { FunctionName } from '../functions/definitions.ts';
import type { AlarmDefinition, WatchedQueues } from './alarm-definition.ts';
import {
  formula,
  functionMetric,
  httpMetric,
  indexMetric,
  keyServiceCalls,
  mailReputation,
  ownMetric,
  queueMetric,
  ruleMetric,
  socketMetric,
  type Sources,
  sum,
  tableMetric,
} from './metrics.ts';
import { timerAlarms } from './timer-alarms.ts';

/** With two metrics each, at CloudWatch’s limit of ten metrics. */
const rulesPerAlarm = 5;

const authorizers: readonly FunctionName[] = ['authorize-http', 'authorize-socket'];

export function alarmDefinitions(sources: Sources, queues: WatchedQueues): AlarmDefinition[] {
  return [
    ...apiAlarms(sources),
    ...functionAlarms(sources),
    ...streamAlarms(sources),
    ...queueAlarms(queues),
    ...timerAlarms(sources, queues),
    ...busAlarms(sources),
    ...storageAlarms(sources),
    ...mailAlarms(),
    ...promiseAlarms(sources),
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
      meaning: 'The WebSocket API failed to call a function',
      // IntegrationError also counts 4xx answers. The functions' alarms cover other failures.
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-logging.html
      metric: socketMetric(sources, 'ExecutionError'),
      threshold: 5,
    },
    {
      name: 'auth-too-many-requests',
      runbook: 'auth-too-many-requests',
      meaning: 'Many requests to log in or to refresh a session were answered with 429',
      metric: ownMetric(sources, 'AuthTooManyRequests'),
      threshold: 300,
    },
  ];
}

function functionAlarms({ prefix, functionNames }: Sources): AlarmDefinition[] {
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
      meaning: `${functionName} was throttled for lack of concurrency`,
      metric: functionMetric(functionName, 'Throttles'),
      threshold: 1,
    })),
  ];
}

function streamAlarms(sources: Sources): AlarmDefinition[] {
  const projector = `${sources.prefix}-stream-projector`;
  const checkpoints = `${sources.prefix}-checkpoint-logs`;
  return [
    {
      name: 'stream-age',
      runbook: 'stream-age',
      meaning: 'Records of the table’s stream have waited for more than a minute',
      metric: functionMetric(projector, 'IteratorAge', Stats.MAXIMUM).with({ period: Duration.minutes(1) }),
      threshold: 60_000,
      periods: 3,
    },
    {
      name: 'stream-silent',
      runbook: 'stream-silent',
      meaning: 'Messages were stored, but nothing read the table’s stream',
      // A stopped mapping has no IteratorAge. The projector may run in the period after a message, so the alarm needs
      // two periods.
      metric: formula(
        'Periods with messages and without the projector',
        { sent: ownMetric(sources, 'MessageSent'), read: functionMetric(projector, 'Invocations') },
        (filled) => `IF(${filled('sent')} > 0 AND ${filled('read')} == 0, 1, 0)`,
      ),
      threshold: 1,
      periods: 12,
      breaching: 2,
    },
    {
      name: 'checkpoints-age',
      runbook: 'checkpoints',
      meaning: 'New log entries have waited for more than half an hour for a signed checkpoint',
      // Includes Lambda's five-minute window.
      metric: functionMetric(checkpoints, 'IteratorAge', Stats.MAXIMUM),
      threshold: 30 * 60_000,
      periods: 1,
    },
    {
      name: 'checkpoints-silent',
      runbook: 'checkpoints',
      meaning: 'Messages were stored, but no checkpoint was signed',
      // The next hour signs an hour's last messages, so the alarm needs two periods.
      metric: formula(
        'Hours with messages and without checkpoints',
        {
          sent: ownMetric(sources, 'MessageSent').with({ period: Duration.hours(1) }),
          signed: functionMetric(checkpoints, 'Invocations').with({ period: Duration.hours(1) }),
        },
        (filled) => `IF(${filled('sent')} > 0 AND ${filled('signed')} == 0, 1, 0)`,
      ),
      threshold: 1,
      periods: 2,
    },
    {
      name: 'stream-loop',
      runbook: 'stream-loop',
      meaning: 'The projector runs far more often than the requests explain. It may be in a loop',
      // Every loop through the table or the bus runs the projector. AWS detects only loops through SQS, SNS and S3.
      // https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
      metric: formula(
        'Invocations beyond ten per request',
        {
          runs: functionMetric(projector, 'Invocations'),
          requests: httpMetric(sources, 'Count'),
          frames: socketMetric(sources, 'MessageCount'),
        },
        (filled) => `${filled('runs')} - 10 * (${filled('requests')} + ${filled('frames')})`,
      ),
      threshold: 3000,
      periods: 3,
    },
  ];
}

function busAlarms({ eventBusName, ruleNames, defaultBusRuleNames }: Sources): AlarmDefinition[] {
  // Names are case-sensitive, and an unknown metric stays OK.
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
  const failuresOf = ({ ruleName, bus }: { readonly ruleName: string; readonly bus?: string }) => [
    ruleMetric(bus, ruleName, 'FailedInvocations'),
    ruleMetric(bus, ruleName, 'InvocationsFailedToBeSentToDlq'),
  ];
  const rules = [
    ...ruleNames.map((ruleName) => ({ ruleName, bus: eventBusName })),
    ...defaultBusRuleNames.map((ruleName) => ({ ruleName })),
  ];
  const alarms = Math.ceil(rules.length / rulesPerAlarm);
  return Array.from({ length: alarms }, (_, index) => ({
    name: index === 0 ? 'bus-failures' : `bus-failures-${index + 1}`,
    runbook: 'bus-failures',
    meaning: 'The bus could not deliver events to a queue or its dead-letter queue',
    metric: sum(
      rules.slice(index * rulesPerAlarm, (index + 1) * rulesPerAlarm).flatMap(failuresOf),
      'Failed deliveries',
    ),
    threshold: 1,
  }));
}

function mailAlarms(): AlarmDefinition[] {
  // SES reviews accounts from these shares on, and may pause sending.
  // https://docs.aws.amazon.com/ses/latest/dg/faqs-enforcement.html
  const shares = [
    { name: 'mail-bounces', metric: mailReputation('Reputation.BounceRate'), threshold: 0.05 },
    { name: 'mail-complaints', metric: mailReputation('Reputation.ComplaintRate'), threshold: 0.001 },
  ];
  return shares.map((share) => ({
    ...share,
    runbook: 'mail-reputation',
    meaning: 'Many mails of the account bounce or are reported as spam, so SES may pause its sending',
    missing: TreatMissingData.IGNORE,
  }));
}

function queueAlarms({ consumerQueues, deadLetterQueues }: WatchedQueues): AlarmDefinition[] {
  return [
    ...deadLetterQueues.map((queueName) => ({
      name: `${queueName}-letters`,
      runbook: 'dead-letters',
      meaning: `${queueName} holds events or records that could not be processed`,
      metric: queueMetric(queueName, 'ApproximateNumberOfMessagesVisible'),
      threshold: 1,
    })),
    ...consumerQueues.map((queueName) => ({
      name: `${queueName}-age`,
      runbook: 'queue-age',
      meaning: `Messages in ${queueName} have waited for more than ten minutes`,
      metric: queueMetric(queueName, 'ApproximateAgeOfOldestMessage'),
      threshold: 600,
      periods: 2,
    })),
  ];
}

function storageAlarms({ tableName, indexNames, keysTableName }: Sources): AlarmDefinition[] {
  const throttles = ['ReadThrottleEvents', 'WriteThrottleEvents'].flatMap((metricName) => [
    ...[tableName, keysTableName].map((name) => tableMetric(name, metricName)),
    ...indexNames.map((name) => indexMetric(tableName, name, metricName)),
  ]);
  const operations = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems'];
  return [
    {
      name: 'table-throttles',
      runbook: 'table-throttles',
      meaning: 'DynamoDB throttled requests: a partition is hot, or the account is at its limit',
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
      // The lowest quota of any region is 5,500 a second:
      // https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html
      meaning: 'The account calls KMS a thousand times per second or more, so KMS may soon throttle it',
      metric: keyServiceCalls(),
      threshold: 60_000,
      periods: 3,
    },
  ];
}

function promiseAlarms(sources: Sources): AlarmDefinition[] {
  return [
    {
      name: 'cross-tenant',
      runbook: 'cross-tenant',
      meaning: 'Code tried to access data of another tenant and was denied: this is a bug',
      metric: ownMetric(sources, 'CrossTenantDenied'),
      threshold: 1,
    },
    {
      name: 'push-platform-disabled',
      runbook: 'push-platform-disabled',
      meaning: 'FCM or APNs rejects the credentials, so SNS sends no pushes to the platform',
      metric: ownMetric(sources, 'PushPlatformDisabled'),
      threshold: 1,
    },
    {
      name: 'push-rejected',
      runbook: 'push-rejected',
      meaning: 'SNS rejected pushes as malformed: this is a bug',
      metric: ownMetric(sources, 'PushRejected'),
      threshold: 1,
    },
    {
      name: 'refresh-reuse',
      runbook: 'refresh-reuse',
      meaning: 'Clients sent refresh tokens that were already used: tokens may be stolen, or a client has a bug',
      metric: ownMetric(sources, 'RefreshReuse'),
      threshold: 5,
    },
  ];
}
