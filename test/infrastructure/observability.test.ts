import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { authRoutePattern } from '../../lib/api/access-logs.ts';
import { functionNames } from '../../lib/functions/definitions.ts';
import { accessControl } from '../../local/iam/access-control.ts';
import { loadAssembly } from '../../local/template/assembly.ts';
import { routeKey } from '../../shared/contract/kit/define-route.ts';
import { routesByFunction } from '../../shared/contract/registry.ts';
import { tableSchema } from '../../shared/core/table/schema.ts';
import { everySetting } from './project-context.ts';
import { type Resource, synthesiseStage } from './synthesised-stage.ts';

const stage = synthesiseStage('prod', { alarmEmail: everySetting.alarmEmail });
const alarms = Object.values(stage.templates.observability.findResources('AWS::CloudWatch::Alarm')) as Resource[];

function watches(alarm: Resource, metricName: string, dimension: string, value?: string): boolean {
  const { Metrics: queries, ...single } = alarm.Properties as {
    Metrics?: { MetricStat?: { Metric: MetricShape } }[];
  } & MetricShape;
  const metrics = queries?.flatMap((query) => (query.MetricStat ? [query.MetricStat.Metric] : [])) ?? [single];
  return metrics.some(
    (metric) =>
      metric.MetricName === metricName &&
      (metric.Dimensions ?? []).some(
        ({ Name, Value }) => Name === dimension && (value === undefined || Value === value),
      ),
  );
}
/** Due timers become visible in their queue for a moment. */
const isNotOfTimers = (alarm: Resource) =>
  !['switchboard-prod-run-timers-late', 'switchboard-prod-run-lanes-late'].includes(
    String(alarm.Properties['AlarmName']),
  );

interface MetricShape {
  readonly MetricName?: string;
  readonly Dimensions?: { readonly Name: string; readonly Value: unknown }[];
}

describe('the set of alarms', () => {
  it('watches every function for errors and throttles', () => {
    for (const name of functionNames) {
      for (const metric of ['Errors', 'Throttles']) {
        const watching = alarms.filter((alarm) => watches(alarm, metric, 'FunctionName', `switchboard-prod-${name}`));
        expect(watching.length, `${name} ${metric}`).toBe(1);
      }
    }
  });

  it('watches the dead letters of every queue, and its age, or the due messages of timers and lanes', () => {
    const queues = Object.values(stage.templates.events.findResources('AWS::SQS::Queue')) as Resource[];
    expect(queues.length).toBe(30);
    for (const queue of queues) {
      const name = String(queue.Properties['QueueName']);
      const isAged = !name.endsWith('-dead') && !/-run-(?:timers|lanes)$/.test(name);
      const metric = isAged ? 'ApproximateAgeOfOldestMessage' : 'ApproximateNumberOfMessagesVisible';
      expect(alarms.filter((alarm) => watches(alarm, metric, 'QueueName', name)).length, name).toBe(1);
    }
  });

  it('watches every rule of the bus for events that reach no queue', () => {
    const rules = Object.values(stage.templates.events.findResources('AWS::Events::Rule')) as Resource[];
    expect(rules.length).toBe(12);
    for (const rule of rules) {
      const name = String(rule.Properties['Name']);
      // Spelled as in https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
      for (const metric of ['FailedInvocations', 'InvocationsFailedToBeSentToDlq']) {
        expect(alarms.filter((alarm) => watches(alarm, metric, 'RuleName', name)).length, `${name} ${metric}`).toBe(1);
        expect(alarms.some((alarm) => watches(alarm, metric, 'EventBusName', 'switchboard-prod'))).toBe(true);
      }
    }
  });

  it('watches wake-ups that are late or fail, and schedules that cannot send theirs', () => {
    const named = (name: string) =>
      alarms.find((alarm) => alarm.Properties['AlarmName'] === `switchboard-prod-${name}`);
    const overdue = named('timers-overdue');
    expect(overdue && watches(overdue, 'TimerLate', 'stage', 'switchboard-prod')).toBe(true);
    const groups = Object.values(stage.templates.events.findResources('AWS::Scheduler::ScheduleGroup')) as Resource[];
    expect(groups).toHaveLength(1);
    const group = String(groups[0]?.Properties['Name']);
    const failing = named('schedules-failing');
    for (const metric of ['TargetErrorCount', 'InvocationDroppedCount']) {
      expect(failing && watches(failing, metric, 'ScheduleGroup', group), metric).toBe(true);
    }
  });

  it('has instructions for every dead-letter queue', () => {
    const guide = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8');
    const queues = Object.values(stage.templates.events.findResources('AWS::SQS::Queue')) as Resource[];
    const dead = queues
      .map(({ Properties }) => String(Properties['QueueName']))
      .filter((name) => name.endsWith('-dead'));
    expect(dead).toHaveLength(16);
    for (const name of dead) expect(guide).toContain(`\`${name}\``);
  });

  it('watches every index of the table for throttles', () => {
    for (const { name } of Object.values(tableSchema.indexes)) {
      for (const metric of ['ReadThrottleEvents', 'WriteThrottleEvents']) {
        expect(
          alarms.some((alarm) => watches(alarm, metric, 'GlobalSecondaryIndexName', name)),
          `${name} ${metric}`,
        ).toBe(true);
      }
    }
  });

  it('raises an alarm when messages are stored but the stream’s projector does not run, twice within an hour', () => {
    const silent = alarms.find((alarm) => alarm.Properties['AlarmName'] === 'switchboard-prod-stream-silent');
    expect(silent?.Properties).toMatchObject({ EvaluationPeriods: 12, DatapointsToAlarm: 2, Threshold: 1 });
    expect(silent && watches(silent, 'MessageSent', 'stage', 'switchboard-prod')).toBe(true);
    expect(silent && watches(silent, 'Invocations', 'FunctionName', 'switchboard-prod-stream-projector')).toBe(true);
  });

  it('raises an alarm when messages are stored but a checkpoint is missing or late', () => {
    const named = (name: string) =>
      alarms.find((alarm) => alarm.Properties['AlarmName'] === `switchboard-prod-${name}`);
    const silent = named('checkpoints-silent');
    expect(silent?.Properties).toMatchObject({ EvaluationPeriods: 2, Threshold: 1 });
    expect(silent && watches(silent, 'MessageSent', 'stage', 'switchboard-prod')).toBe(true);
    expect(silent && watches(silent, 'Invocations', 'FunctionName', 'switchboard-prod-checkpoint-logs')).toBe(true);
    const age = named('checkpoints-age');
    expect(age && watches(age, 'IteratorAge', 'FunctionName', 'switchboard-prod-checkpoint-logs')).toBe(true);
    expect(age?.Properties['Threshold']).toBe(30 * 60_000);
  });

  it('raises an alarm when the stream’s projector runs far more often than requests explain', () => {
    const loop = alarms.find((alarm) => alarm.Properties['AlarmName'] === 'switchboard-prod-stream-loop');
    expect(loop && watches(loop, 'Invocations', 'FunctionName', 'switchboard-prod-stream-projector')).toBe(true);
    expect(loop && watches(loop, 'Count', 'ApiId')).toBe(true);
    expect(loop && watches(loop, 'MessageCount', 'ApiId')).toBe(true);
  });

  it('counts the 429s of every auth route and of no other route', () => {
    const [filter] = Object.values(stage.templates.routes.findResources('AWS::Logs::MetricFilter')) as Resource[];
    const pattern = String(filter?.Properties['FilterPattern']);
    expect(pattern).toContain('$.status = "429"');
    expect(pattern).toContain(`$.routeKey = "${authRoutePattern}"`);
    const matches = new RegExp(`^${authRoutePattern.replaceAll('*', '.*')}$`);
    for (const [name, routes] of Object.entries(routesByFunction)) {
      for (const route of routes) expect(matches.test(routeKey(route)), routeKey(route)).toBe(name === 'auth');
    }
    const [transformation] = filter?.Properties['MetricTransformations'] as Record<string, unknown>[];
    expect(transformation).toMatchObject({
      MetricName: 'AuthTooManyRequests',
      MetricNamespace: 'Switchboard',
      Dimensions: [{ Key: 'stage', Value: '$.stage' }],
    });
    expect(alarms.some((alarm) => watches(alarm, 'AuthTooManyRequests', 'stage', 'switchboard-prod'))).toBe(true);
  });

  it('ignores 4xx answers of the socket functions', () => {
    expect(alarms.some((alarm) => watches(alarm, 'IntegrationError', 'Stage'))).toBe(false);
  });

  it('raises an alarm at the first dead letter and at the first access to another tenant', () => {
    for (const metric of ['ApproximateNumberOfMessagesVisible', 'CrossTenantDenied']) {
      const dimension = metric === 'CrossTenantDenied' ? 'stage' : 'QueueName';
      const watching = alarms.filter((alarm) => watches(alarm, metric, dimension)).filter(isNotOfTimers);
      expect(watching.length).toBeGreaterThan(0);
      for (const alarm of watching) {
        expect(alarm.Properties).toMatchObject({
          Threshold: 1,
          EvaluationPeriods: 1,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        });
      }
    }
  });

  it('raises an alarm when due timers stay in their queue for three minutes', () => {
    const late = alarms.find((alarm) => !isNotOfTimers(alarm));
    expect(late?.Properties).toMatchObject({
      Threshold: 1,
      EvaluationPeriods: 3,
      Metrics: [{ MetricStat: { Period: 60, Stat: 'Minimum' } }],
    });
  });

  it('watches the age of the stream, errors of the APIs, throttles of the tables and reuse of refresh tokens', () => {
    expect(
      alarms.find((alarm) => watches(alarm, 'IteratorAge', 'FunctionName', 'switchboard-prod-stream-projector'))
        ?.Properties,
    ).toMatchObject({ Threshold: 60_000, EvaluationPeriods: 3 });
    for (const [metric, dimension] of [
      ['5xx', 'ApiId'],
      ['ExecutionError', 'Stage'],
      ['WriteThrottleEvents', 'TableName'],
      ['SystemErrors', 'Operation'],
      ['CallCount', 'Service'],
      ['RefreshReuse', 'stage'],
    ] as const) {
      expect(
        alarms.some((alarm) => watches(alarm, metric, dimension)),
        metric,
      ).toBe(true);
    }
  });

  it('has a section in the runbook for each alarm', () => {
    const runbook = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8');
    const anchors = [...runbook.matchAll(/^### (.+)$/gm)].map(([, title = '']) => title);
    for (const alarm of alarms) {
      const [, anchor] = /docs\/operations\.md#([a-z-]+)$/.exec(String(alarm.Properties['AlarmDescription'])) ?? [];
      expect(anchors, String(alarm.Properties['AlarmName'])).toContain(anchor);
    }
  });

  it('has unique names with the stage and the subject', () => {
    const names = alarms.map((alarm) => String(alarm.Properties['AlarmName']));
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^switchboard-prod-[a-z0-9-]+$/);
  });

  it('mails the operator of the stage, over encrypted connections', () => {
    stage.templates.observability.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: everySetting.alarmEmail,
    });
    for (const alarm of alarms) expect(alarm.Properties['AlarmActions']).toHaveLength(1);
    const silent = synthesiseStage('dev');
    silent.templates.observability.resourceCountIs('AWS::SNS::Topic', 0);
  });

  it('may publish to its topics, unlike alarms of other accounts and stages', () => {
    const assembly = loadAssembly(stage.app.outdir);
    const access = accessControl(assembly);
    const { accountId, region } = assembly;
    const mayPublish = (topic: string, alarm: string, account: string) => {
      const values: Readonly<Record<string, string>> = {
        'aws:securetransport': 'true',
        'aws:sourceaccount': account,
        'aws:sourcearn': `arn:aws:cloudwatch:${region}:${account}:alarm:${alarm}`,
      };
      const request = { action: 'sns:Publish', resource: topic, lookup: (key: string) => values[key] };
      return access.decideForService('cloudwatch.amazonaws.com', request).allowed;
    };
    const resolved = assembly.ofType('AWS::CloudWatch::Alarm');
    expect(resolved.length).toBe(alarms.length);
    for (const { properties } of resolved) {
      const name = String(properties['AlarmName']);
      const topics = ['AlarmActions', 'OKActions', 'InsufficientDataActions'].flatMap(
        (kind) => (properties[kind] ?? []) as string[],
      );
      expect(topics.length, name).toBeGreaterThan(0);
      for (const topic of topics) {
        expect(mayPublish(topic, name, accountId), name).toBe(true);
        expect(mayPublish(topic, name, '999999999999')).toBe(false);
        expect(mayPublish(topic, 'another-alarm', accountId)).toBe(false);
      }
    }
  });

  it('can be disabled, because alarms have a price', () => {
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

describe('the price of the alarms in the deployment guide', () => {
  it('equals the price of the template', () => {
    const guide = readFileSync(join(import.meta.dirname, '../../docs/deployment.md'), 'utf8');
    const [, stated, metrics, dollars] = /alarms: (\d+) with (\d+) metrics.*?\| +\$([\d.]+)/.exec(guide) ?? [];
    const watched = alarms.reduce((total, { Properties: { Metrics: queries } }) => {
      const stats = (queries as { MetricStat?: unknown }[] | undefined)?.filter((query) => query.MetricStat);
      return total + (stats?.length ?? 1);
    }, 0);
    expect({ stated: Number(stated), metrics: Number(metrics) }).toEqual({ stated: alarms.length, metrics: watched });
    // Ten metrics of an account are free; each further one costs $0.10.
    expect(Number(dollars)).toBeCloseTo((watched - 10) * 0.1, 2);
  });
});
