import { config } from './config.ts';

export type MetricName =
  | 'Requests'
  | 'Refusals'
  | 'Failures'
  | 'MessageSent'
  | 'SendReplayed'
  | 'AttachmentAnnounced'
  | 'AttachmentReady'
  | 'AttachmentRejected'
  | 'AttachmentSwept'
  | 'SendRefused'
  | 'DeliveryGone'
  | 'DeliveryFailed'
  | 'CrossTenantDenied'
  | 'RefreshReuse'
  | 'LoginFailed';

/**
 * Counts something, in CloudWatch's embedded metric format: a log line that CloudWatch turns into a metric, without a
 * call. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 * The only dimension is the function: a dimension by tenant would be a metric, and a price, per tenant.
 */
export function count(name: MetricName, value = 1): void {
  const line = {
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        { Namespace: 'Switchboard', Dimensions: [['function']], Metrics: [{ Name: name, Unit: 'Count' }] },
      ],
    },
    function: config.functionName,
    [name]: value,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
