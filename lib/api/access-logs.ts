import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
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
  return {
    // API Gateway stores the ARN without the `:*` that the log group's own attribute ends with.
    destinationArn: Stack.of(scope).formatArn({
      service: 'logs',
      resource: `log-group:${logGroup.logGroupName}`,
    }),
    format: JSON.stringify(kind === 'http' ? httpFields : socketFields),
  };
}
