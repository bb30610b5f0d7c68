import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { functionNames } from '../../lib/functions/definitions.ts';
import { everySetting } from './project-context.ts';
import { type Resource, synthesiseStage } from './synthesised-stage.ts';

const stage = synthesiseStage('prod', { alarmEmail: everySetting.alarmEmail });
const alarms = Object.values(stage.templates.observability.findResources('AWS::CloudWatch::Alarm')) as Resource[];

/** Does an alarm watch a metric with this dimension, alone or within an expression? */
function watches(alarm: Resource, metricName: string, dimension: string, value?: string): boolean {
  const { Metrics: queries, ...single } = alarm.Properties as {
    Metrics?: { MetricStat?: { Metric: MetricShape } }[];
  } & MetricShape;
  const metrics = queries?.flatMap((query) => (query.MetricStat ? [query.MetricStat.Metric] : [])) ?? [single];
  return metrics.some(
    (metric) =>
      metric.MetricName === metricName &&
      (metric.Dimensions ?? []).some((one) => one.Name === dimension && (value === undefined || one.Value === value)),
  );
}
interface MetricShape {
  readonly MetricName?: string;
  readonly Dimensions?: { readonly Name: string; readonly Value: unknown }[];
}

describe('the alarms', () => {
  it('watch every function for errors and throttles', () => {
    for (const name of functionNames) {
      for (const metric of ['Errors', 'Throttles']) {
        const watching = alarms.filter((alarm) => watches(alarm, metric, 'FunctionName', `switchboard-prod-${name}`));
        expect(watching.length, `${name} ${metric}`).toBe(1);
      }
    }
  });

  it('watch every queue', () => {
    const queues = Object.values(stage.templates.events.findResources('AWS::SQS::Queue')) as Resource[];
    expect(queues.length).toBe(9);
    for (const queue of queues) {
      const name = String(queue.Properties['QueueName']);
      const metric = name.endsWith('-dead') ? 'ApproximateNumberOfMessagesVisible' : 'ApproximateAgeOfOldestMessage';
      expect(alarms.filter((alarm) => watches(alarm, metric, 'QueueName', name)).length, name).toBe(1);
    }
  });

  it('go off at the first dead letter and at the first item of a foreign tenant', () => {
    for (const metric of ['ApproximateNumberOfMessagesVisible', 'CrossTenantDenied']) {
      const dimension = metric === 'CrossTenantDenied' ? 'function' : 'QueueName';
      for (const alarm of alarms.filter((one) => watches(one, metric, dimension))) {
        expect(alarm.Properties).toMatchObject({
          Threshold: 1,
          EvaluationPeriods: 1,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        });
      }
    }
    for (const name of functionNames) {
      const watching = alarms.filter((one) =>
        watches(one, 'CrossTenantDenied', 'function', `switchboard-prod-${name}`),
      );
      expect(watching.length, name).toBe(1);
    }
  });

  it('watch the stream’s age, the APIs’ errors, the tables’ throttles and the sessions’ reuse', () => {
    expect(
      alarms.find((one) => watches(one, 'IteratorAge', 'FunctionName', 'switchboard-prod-project-log'))?.Properties,
    ).toMatchObject({ Threshold: 60_000, EvaluationPeriods: 3 });
    for (const [metric, dimension] of [
      ['5xx', 'ApiId'],
      ['IntegrationError', 'Stage'],
      ['WriteThrottleEvents', 'TableName'],
      ['SystemErrors', 'Operation'],
      ['CallCount', 'Service'],
      ['RefreshReuse', 'function'],
    ] as const) {
      expect(
        alarms.some((alarm) => watches(alarm, metric, dimension)),
        metric,
      ).toBe(true);
    }
  });

  it('have each a section of the runbook', () => {
    const runbook = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8');
    const anchors = [...runbook.matchAll(/^### (.+)$/gm)].map(([, title = '']) => title);
    for (const alarm of alarms) {
      const [, anchor] = /docs\/operations\.md#([a-z-]+)$/.exec(String(alarm.Properties['AlarmDescription'])) ?? [];
      expect(anchors, String(alarm.Properties['AlarmName'])).toContain(anchor);
    }
  });

  it('have names that say stage and matter, each once', () => {
    const names = alarms.map((alarm) => String(alarm.Properties['AlarmName']));
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^switchboard-prod-[a-z0-9-]+$/);
  });

  it('mail the operator if the stage names one, over encrypted connections', () => {
    stage.templates.observability.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: everySetting.alarmEmail,
    });
    for (const alarm of alarms) expect(alarm.Properties['AlarmActions']).toHaveLength(1);
    const silent = synthesiseStage('dev');
    silent.templates.observability.resourceCountIs('AWS::SNS::Topic', 0);
  });

  it('can be switched off, for they have a price', () => {
    const without = synthesiseStage('dev', { alarms: false });
    without.templates.observability.resourceCountIs('AWS::CloudWatch::Alarm', 0);
    without.templates.observability.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
  });
});

describe('the dashboard', () => {
  it('shows at most the 50 metrics that cost nothing', () => {
    const [dashboard] = Object.values(
      stage.templates.observability.findResources('AWS::CloudWatch::Dashboard'),
    ) as Resource[];
    const body = dashboard?.Properties['DashboardBody'] as { 'Fn::Join': [string, unknown[]] };
    const text = body['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : 'reference')).join('');
    const { widgets } = JSON.parse(text) as { widgets: { properties: { metrics?: unknown[] } }[] };
    const shown = widgets.flatMap((widget) => widget.properties.metrics ?? []);
    expect(shown.length).toBeGreaterThan(30);
    expect(shown.length).toBeLessThanOrEqual(50);
  });
});
