import { Dashboard, GraphWidget, type IMetric, type IWidget, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { WatchedQueues } from './alarms.ts';
import {
  functionMetric,
  httpMetric,
  keyServiceCalls,
  ownMetric,
  queueMetric,
  socketMetric,
  type Sources,
  tableMetric,
} from './metrics.ts';

/**
 * One page with what an operator looks at first. CloudWatch charges nothing for an account's first three dashboards of
 * at most 50 metrics each, so this one stays below.
 */
export function createDashboard(scope: Construct, prefix: string, sources: Sources, queues: WatchedQueues): Dashboard {
  const name = (short: string) => `${prefix}-${short}`;
  const senders = [name('messages'), name('socket-message')];
  const deliverers = [...senders, name('conversations'), name('project-log')];
  const { tableName } = sources;
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
      graph('Messages sent', [
        ...senders.map((sender) => ownMetric('MessageSent', sender)),
        ...senders.map((sender) => ownMetric('SendRefused', sender)),
      ]),
      graph('Deliveries that failed', [
        ...deliverers.map((deliverer) => ownMetric('DeliveryGone', deliverer)),
        ...deliverers.map((deliverer) => ownMetric('DeliveryFailed', deliverer)),
      ]),
      graph('Accounts', [ownMetric('LoginFailed', name('auth')), ownMetric('RefreshReuse', name('auth'))]),
    ],
    [
      graph(
        'Duration, p99 (ms)',
        ['messages', 'socket-message', 'auth'].map((one) => functionMetric(name(one), 'Duration', 'p99')),
      ),
      graph(
        'Concurrency',
        ['messages', 'socket-message', 'auth'].map((one) =>
          functionMetric(name(one), 'ConcurrentExecutions', 'Maximum'),
        ),
      ),
      graph('Stream: age of records (ms)', [functionMetric(name('project-log'), 'IteratorAge', 'Maximum')]),
    ],
    [
      graph('Table: consumed units', [
        tableMetric(tableName, 'ConsumedReadCapacityUnits'),
        tableMetric(tableName, 'ConsumedWriteCapacityUnits'),
      ]),
      graph('Table: latency (ms)', [
        tableMetric(tableName, 'SuccessfulRequestLatency', 'PutItem', 'p99'),
        tableMetric(tableName, 'SuccessfulRequestLatency', 'Query', 'p99'),
      ]),
      graph('Table: throttled; KMS calls', [
        tableMetric(tableName, 'ReadThrottleEvents'),
        tableMetric(tableName, 'WriteThrottleEvents'),
        keyServiceCalls(),
      ]),
    ],
    [
      graph(
        'Queues: age of the oldest message (s)',
        queues.work.map((queue) => queueMetric(queue, 'ApproximateAgeOfOldestMessage')),
      ),
      graph(
        'Dead letters',
        queues.dead.map((queue) => queueMetric(queue, 'ApproximateNumberOfMessagesVisible')),
      ),
    ],
  ];
  return new Dashboard(scope, 'Dashboard', { dashboardName: prefix, widgets: rows });
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 8, height: 6, liveData: true });
}
