import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { FilterPattern, LogGroup, MetricFilter, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { type LogMetricName, ownNamespace } from '../observability/metrics.ts';
import type { Stage } from '../settings.ts';

/**
 * What is logged of a request. Never its query (a token may be in it), its path (ids say enough in the functions' own
 * lines) nor the caller's address and browser: a guest must leave no trace.
 */
const commonFields = {
  requestId: '$context.requestId',
  at: '$context.requestTimeEpoch',
  routeKey: '$context.routeKey',
  status: '$context.status',
  tenantId: '$context.authorizer.tenantId',
  authorizerError: '$context.authorizer.error',
  integrationError: '$context.integrationErrorMessage',
  error: '$context.error.message',
  /** `THROTTLED` if API Gateway itself refused for the rate. */
  errorType: '$context.error.responseType',
};

const httpFields = {
  ...commonFields,
  latencyMs: '$context.responseLatency',
  integrationLatencyMs: '$context.integrationLatency',
  responseBytes: '$context.responseLength',
};

const socketFields = {
  ...commonFields,
  eventType: '$context.eventType',
  connectionId: '$context.connectionId',
  integrationLatencyMs: '$context.integrationLatency',
};

/** Access log settings of a stage, with a log group of its own. */
export function accessLog(scope: Construct, stage: Stage, kind: 'http' | 'socket') {
  const logGroup = new LogGroup(scope, kind === 'http' ? 'HttpAccessLogs' : 'SocketAccessLogs', {
    // Vended logs need no entry of their own in the account's log resource policy, which is limited in size.
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
    logGroupName: `/aws/vendedlogs/${stage.prefix}/${kind}-access`,
    retention: stage.settings.logRetentionDays as RetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  if (kind === 'http') countAuthThrottles(logGroup);
  const fields = { stage: stage.prefix, ...(kind === 'http' ? httpFields : socketFields) };
  return {
    // API Gateway stores the ARN without the `:*` that the log group's own attribute ends with.
    destinationArn: Stack.of(scope).formatArn({
      service: 'logs',
      resource: `log-group:${logGroup.logGroupName}`,
    }),
    format: JSON.stringify(fields),
  };
}

/** What the keys of all auth routes end with, as a filter of a log group writes it. */
export const authRoutePattern = '* /api/v1/auth/*';

/**
 * API Gateway has no metric of its 429s, and a request that it throttles reaches no function, so a filter counts them.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
function countAuthThrottles(logGroup: LogGroup): void {
  new MetricFilter(logGroup, 'AuthTooManyRequests', {
    logGroup,
    filterPattern: FilterPattern.all(
      FilterPattern.stringValue('$.status', '=', '429'),
      FilterPattern.stringValue('$.routeKey', '=', authRoutePattern),
    ),
    metricNamespace: ownNamespace,
    metricName: 'AuthTooManyRequests' satisfies LogMetricName,
    metricValue: '1',
    dimensions: { stage: '$.stage' },
  });
}
