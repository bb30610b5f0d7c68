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
  | 'LoginFailed'
  | 'TimerLate'
  | 'PushSent'
  | 'PushRejected'
  | 'PushPlatformDisabled'
  | 'IncidentReceived'
  | 'IncidentRefused';

/**
 * Logs in CloudWatch's embedded metric format, without a call.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 *
 * The stage is the only dimension, because CloudWatch charges for each combination of dimension values.
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
