import { config } from './config.ts';
import { writeLine } from './logger.ts';

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
 * Counts in CloudWatch's embedded metric format: CloudWatch turns the log line into a metric, without a call.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 *
 * The only dimension is the stage. CloudWatch charges for each combination of metric and dimension values that had data
 * in an hour, so a dimension for the function or the tenant would multiply the price. The line names the function.
 */
export function count(name: MetricName, value = 1): void {
  const at = new Date();
  writeLine('info', at, {
    _aws: {
      Timestamp: at.getTime(),
      CloudWatchMetrics: [
        { Namespace: 'Switchboard', Dimensions: [['stage']], Metrics: [{ Name: name, Unit: 'Count' }] },
      ],
    },
    stage: config.stagePrefix,
    [name]: value,
  });
}
