import { Stack } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric, type IWidget, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { MetricName } from '../../shared/core/runtime/metrics.ts';
import type { WatchedQueues } from './alarm-definition.ts';
import {
  functionMetric,
  httpMetric,
  keyServiceCalls,
  mailReputation,
  ownMetric,
  queueMetric,
  socketMetric,
  type Sources,
  tableMetric,
} from './metrics.ts';

/** An account's first three dashboards of up to 50 metrics each are free. */
export function createDashboard(scope: Construct, sources: Sources, queues: WatchedQueues): Dashboard {
  const { prefix, tableName } = sources;
  const name = (short: string) => `${prefix}-${short}`;
  const own = (...metricNames: readonly MetricName[]) =>
    metricNames.map((metricName) => ownMetric(sources, metricName));
  const rows: IWidget[][] = [
    [new TextWidget({ markdown: `# ${prefix}\nWhat to do: \`docs/operations.md\``, width: 24, height: 2 })],
    [
      graph('HTTP requests', [httpMetric(sources, 'Count'), httpMetric(sources, '4xx'), httpMetric(sources, '5xx')]),
      graph('HTTP latency (ms)', [httpMetric(sources, 'Latency', 'p50'), httpMetric(sources, 'Latency', 'p99')]),
      graph('Sockets', [
        socketMetric(sources, 'ConnectCount'),
        socketMetric(sources, 'MessageCount'),
        socketMetric(sources, 'IntegrationError'),
      ]),
    ],
    [
      graph('Messages sent', own('MessageSent', 'SendReplayed', 'SendRefused')),
      graph('Failed deliveries', own('DeliveryGone', 'DeliveryFailed')),
      graph('Accounts', [...own('LoginFailed', 'RefreshReuse'), ownMetric(sources, 'AuthTooManyRequests')]),
    ],
    [
      graph('Requests and frames', own('Requests', 'Refusals', 'Failures')),
      graph('Attachments', own('AttachmentReady', 'AttachmentRejected')),
      graph('Mails: bounce rate', [mailReputation('Reputation.BounceRate')]),
    ],
    [
      graph(
        'Duration, p99 (ms)',
        ['messages', 'socket-message', 'desk'].map((short) => functionMetric(name(short), 'Duration', 'p99')),
      ),
      graph('Concurrency', [functionMetric(name('socket-message'), 'ConcurrentExecutions', 'Maximum')]),
      graph('Stream: age of the oldest record (ms)', [
        functionMetric(name('stream-projector'), 'IteratorAge', 'Maximum'),
      ]),
    ],
    [
      graph('Table: consumed units', [
        tableMetric(tableName, 'ConsumedReadCapacityUnits'),
        tableMetric(tableName, 'ConsumedWriteCapacityUnits'),
      ]),
      graph('Table: latency (ms)', [tableMetric(tableName, 'SuccessfulRequestLatency', 'PutItem', 'p99')]),
      graph('Table: throttled; KMS calls', [
        tableMetric(tableName, 'ReadThrottleEvents'),
        tableMetric(tableName, 'WriteThrottleEvents'),
        keyServiceCalls(),
      ]),
    ],
    [
      graph(
        'Queues: age of the oldest message (s)',
        // The alarms watch the others. More metrics would cost money.
        [name('notify')].map((queue) => queueMetric(queue, 'ApproximateAgeOfOldestMessage')),
      ),
      graph(
        'Dead letters',
        queues.deadLetterQueues.map((queue) => queueMetric(queue, 'ApproximateNumberOfMessagesVisible')),
      ),
    ],
  ];
  // Names are unique in the account across regions.
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Dashboards.html
  const dashboardName = `${prefix}-${Stack.of(scope).region}`;
  return new Dashboard(scope, 'Dashboard', { dashboardName, widgets: rows });
}

function graph(title: string, metrics: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left: metrics, width: 8, height: 6, liveData: true });
}
