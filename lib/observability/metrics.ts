import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { MetricName } from '../../shared/core/runtime/metrics.ts';

/** Strings, not references, to avoid dependencies between stacks. */
export interface Sources {
  readonly prefix: string;
  readonly functionNames: readonly string[];
  readonly httpApiId: string;
  readonly socketApiId: string;
  readonly socketStage: string;
  readonly tableName: string;
  readonly indexNames: readonly string[];
  readonly keysTableName: string;
  readonly eventBusName: string;
  readonly ruleNames: readonly string[];
  /** Of the account's default bus. */
  readonly defaultBusRuleNames: readonly string[];
}

export type LogMetricName = 'AuthTooManyRequests';
export const ownNamespace = 'Switchboard';

const period = Duration.minutes(5);
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
 * Symmetric keys, whole account.
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

/**
 * The table's own metric excludes its indexes.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
 */
export function indexMetric(tableName: string, indexName: string, metricName: string): Metric {
  return new Metric({
    namespace: 'AWS/DynamoDB',
    metricName,
    dimensionsMap: { TableName: tableName, GlobalSecondaryIndexName: indexName },
    statistic: Stats.SUM,
    period,
    label: `${indexName} ${metricName}`,
  });
}

/**
 * Rules of a custom bus need both dimensions. Those of the default bus have only their name.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
 */
export function ruleMetric(eventBusName: string | undefined, ruleName: string, metricName: string): Metric {
  return new Metric({
    namespace: 'AWS/Events',
    metricName,
    dimensionsMap: { ...(eventBusName === undefined ? {} : { EventBusName: eventBusName }), RuleName: ruleName },
    statistic: Stats.SUM,
    period,
    label: `${ruleName} ${metricName}`,
  });
}

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html */
export function scheduleMetric(groupName: string, metricName: string): Metric {
  return new Metric({
    namespace: 'AWS/Scheduler',
    metricName,
    dimensionsMap: { ScheduleGroup: groupName },
    statistic: Stats.SUM,
    period,
    label: metricName,
  });
}

/**
 * Between 0 and 1, for the account in this region.
 * https://docs.aws.amazon.com/ses/latest/dg/reputationdashboard-cloudwatch-alarm.html
 */
export function mailReputation(metricName: 'Reputation.BounceRate' | 'Reputation.ComplaintRate'): Metric {
  return new Metric({
    namespace: 'AWS/SES',
    metricName,
    statistic: Stats.MAXIMUM,
    period: Duration.hours(1),
    label: metricName,
  });
}

export function ownMetric({ prefix }: Pick<Sources, 'prefix'>, metricName: MetricName | LogMetricName): Metric {
  return new Metric({
    namespace: ownNamespace,
    metricName,
    dimensionsMap: { stage: prefix },
    statistic: Stats.SUM,
    period,
    label: metricName,
  });
}

/** A metric without data counts as 0. */
export function formula(
  label: string,
  metrics: Readonly<Record<string, Metric>>,
  expression: (filled: (name: string) => string) => string,
): MathExpression {
  const [first] = Object.values(metrics);
  return new MathExpression({
    expression: expression((name) => `FILL(${name}, 0)`),
    usingMetrics: metrics,
    period: first?.period ?? period,
    label,
  });
}

/** A metric without data counts as 0. CloudWatch alarms accept at most ten metrics. */
export function sum(metrics: readonly Metric[], label: string): MathExpression {
  const named = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]));
  return formula(label, named, (filled) => Object.keys(named).map(filled).join(' + '));
}
