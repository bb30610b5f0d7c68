import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { MetricName } from '../../shared/runtime/metrics.ts';

/** What the metrics of a stage are found by. Names, not references: they tie no stacks together. */
export interface Sources {
  readonly functionNames: readonly string[];
  readonly httpApiId: string;
  readonly socketApiId: string;
  readonly socketStage: string;
  readonly tableName: string;
  readonly keysTableName: string;
}

const period = Duration.minutes(5);
/** CloudWatch takes at most 10 metrics in one alarm's expression. */
export const metricsPerExpression = 10;

export function functionMetric(functionName: string, metricName: string, statistic: string = Stats.SUM): Metric {
  return new Metric({
    namespace: 'AWS/Lambda',
    metricName,
    dimensionsMap: { FunctionName: functionName },
    statistic,
    period,
    label: functionName,
  });
}

export function httpMetric({ httpApiId }: Sources, metricName: string, statistic: string = Stats.SUM): Metric {
  return new Metric({
    namespace: 'AWS/ApiGateway',
    metricName,
    dimensionsMap: { ApiId: httpApiId },
    statistic,
    period,
    label: `${metricName} ${statistic}`,
  });
}

export function socketMetric({ socketApiId, socketStage }: Sources, metricName: string): Metric {
  return new Metric({
    namespace: 'AWS/ApiGateway',
    metricName,
    dimensionsMap: { ApiId: socketApiId, Stage: socketStage },
    statistic: Stats.SUM,
    period,
    label: metricName,
  });
}

export function queueMetric(queueName: string, metricName: string): Metric {
  return new Metric({
    namespace: 'AWS/SQS',
    metricName,
    dimensionsMap: { QueueName: queueName },
    statistic: Stats.MAXIMUM,
    period,
    label: queueName,
  });
}

export function tableMetric(
  tableName: string,
  metricName: string,
  operation?: string,
  statistic: string = Stats.SUM,
): Metric {
  return new Metric({
    namespace: 'AWS/DynamoDB',
    metricName,
    dimensionsMap: { TableName: tableName, ...(operation !== undefined && { Operation: operation }) },
    statistic,
    period,
    label: operation ?? metricName,
  });
}

/**
 * Calls of the account to KMS' symmetric keys.
 * https://aws.amazon.com/blogs/security/manage-your-aws-kms-api-request-rates-using-service-quotas-and-amazon-cloudwatch/
 */
export function keyServiceCalls(): Metric {
  return new Metric({
    namespace: 'AWS/Usage',
    metricName: 'CallCount',
    dimensionsMap: { Service: 'KMS', Class: 'None', Type: 'API', Resource: 'CryptographicOperationsSymmetric' },
    statistic: Stats.SUM,
    period: Duration.minutes(1),
    label: 'KMS calls',
  });
}

/** A metric that the code counts, of one function. */
export function ownMetric(metricName: MetricName, functionName: string): Metric {
  return new Metric({
    namespace: 'Switchboard',
    metricName,
    dimensionsMap: { function: functionName },
    statistic: Stats.SUM,
    period,
    label: `${metricName} ${functionName}`,
  });
}

/** Adds up metrics; one without data counts as 0. */
export function sum(metrics: readonly Metric[], label: string): MathExpression {
  const named = metrics.map((metric, index) => [`m${index}`, metric] as const);
  return new MathExpression({
    expression: named.map(([name]) => `FILL(${name}, 0)`).join(' + '),
    usingMetrics: Object.fromEntries(named),
    period: metrics[0]?.period ?? period,
    label,
  });
}
