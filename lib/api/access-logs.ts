import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { FilterPattern, LogGroup, MetricFilter, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { type LogMetricName, ownNamespace } from '../observability/metrics.ts';
import type { Stage } from '../settings.ts';

/**
 * The logged fields of a request. They leave out its query (which may contain a token), its path (the functions log the
 * ids), and the caller's address and browser: a guest must not be traceable.
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
  /** `THROTTLED` if API Gateway itself rejected the request because of its rate. */
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

/** Creates the log group of a stage, and returns the stage's access log settings. */
export function accessLog(scope: Construct, stage: Stage, kind: 'http' | 'socket') {
  const logGroup = new LogGroup(scope, kind === 'http' ? 'HttpAccessLogs' : 'SocketAccessLogs', {
    // Vended logs need no statement in the account's CloudWatch Logs resource policy, which is limited in size.
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
    logGroupName: `/aws/vendedlogs/${stage.prefix}/${kind}-access`,
    retention: stage.settings.logRetentionDays as RetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  if (kind === 'http') countAuthThrottles(logGroup);
  const fields = { stage: stage.prefix, ...(kind === 'http' ? httpFields : socketFields) };
  return {
    // API Gateway expects the ARN without the `:*` at the end of `logGroup.logGroupArn`.
    destinationArn: Stack.of(scope).formatArn({
      service: 'logs',
      resource: `log-group:${logGroup.logGroupName}`,
    }),
    format: JSON.stringify(fields),
  };
}

/** Matches the route keys of all auth routes in a filter pattern. */
export const authRoutePattern = '* /api/v1/auth/*';

/**
 * Counts throttled auth requests. API Gateway has no metric for 429 answers, and throttled requests reach no function.
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
