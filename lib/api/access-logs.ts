import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { FilterPattern, LogGroup, MetricFilter, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { type LogMetricName, ownNamespace } from '../observability/metrics.ts';
import type { Stage } from '../settings.ts';

/**
 * Excludes the query (it may contain a token), the path, and the caller's address and browser: a guest must not be
 * traceable.
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
  /** `THROTTLED` if API Gateway itself rejected the rate. */
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

export function accessLog(scope: Construct, stage: Stage, kind: 'http' | 'socket') {
  const logGroup = new LogGroup(scope, kind === 'http' ? 'HttpAccessLogs' : 'SocketAccessLogs', {
    // Vended logs need no statement in the account's size-limited CloudWatch Logs resource policy.
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
    logGroupName: `/aws/vendedlogs/${stage.prefix}/${kind}-access`,
    retention: stage.settings.logRetentionDays as RetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  if (kind === 'http') countAuthThrottles(logGroup);
  const fields = { stage: stage.prefix, ...(kind === 'http' ? httpFields : socketFields) };
  return {
    // API Gateway expects the ARN without the final `:*`.
    destinationArn: Stack.of(scope).formatArn({
      service: 'logs',
      resource: `log-group:${logGroup.logGroupName}`,
    }),
    format: JSON.stringify(fields),
  };
}

export const authRoutePattern = '* /api/v1/auth/*';

/**
 * API Gateway has no metric for 429 answers, and throttled requests reach no function.
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
