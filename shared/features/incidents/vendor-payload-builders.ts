/** Payloads of the senders, with the members that their documentation lists. Made for these tests. */

export const firingAlert = (fingerprint: string, more: object = {}) => ({
  status: 'firing',
  labels: { alertname: 'ProbeFailure', instance: 'web-3.example.org', severity: 'critical', service: 'web' },
  annotations: { summary: 'Probe failure on web-3', description: 'No answer for five minutes' },
  startsAt: '2026-02-06T13:08:45.123Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'https://prometheus.example.org/graph?g0.expr=up',
  fingerprint,
  ...more,
});

export const resolvedAlert = (fingerprint: string, more: object = {}) =>
  firingAlert(fingerprint, { status: 'resolved', endsAt: '2026-02-06T13:20:00Z', ...more });

export const alertmanager = (...alerts: readonly object[]) => ({
  version: '4',
  groupKey: '{}:{alertname="ProbeFailure"}',
  truncatedAlerts: 0,
  status: alerts.some((alert) => (alert as { status?: string }).status === 'firing') ? 'firing' : 'resolved',
  receiver: 'switchboard',
  groupLabels: { alertname: 'ProbeFailure' },
  commonLabels: { alertname: 'ProbeFailure', severity: 'critical' },
  commonAnnotations: {},
  externalURL: 'https://alertmanager.example.org',
  alerts,
});

export const grafana = (...alerts: readonly object[]) => ({
  ...alertmanager(
    ...alerts.map((alert) => ({
      ...alert,
      silenceURL: 'https://grafana.example.org/alerting/silence/new',
      dashboardURL: 'https://grafana.example.org/d/1',
      panelURL: 'https://grafana.example.org/d/1?viewPanel=2',
      values: { B: 44.2, C: 1 },
      valueString: '[ var=B value=44.2 ]',
    })),
  ),
  orgId: 1,
  version: '1',
  title: '[FIRING:1] ProbeFailure',
  state: 'alerting',
  message: 'Firing',
});

const incidentOfPagerduty = {
  id: 'PGR0VU2',
  type: 'incident',
  self: 'https://api.pagerduty.com/incidents/PGR0VU2',
  html_url: 'https://acme.pagerduty.com/incidents/PGR0VU2',
  number: 2,
  status: 'triggered',
  incident_key: 'd3640fbd41094207a1c11e58e46b1662',
  created_at: '2026-02-06T13:08:45Z',
  title: 'Checkout is slow',
  service: { id: 'PF9KMXH', type: 'service_reference', summary: 'Checkout' },
  assignees: [],
  escalation_policy: { id: 'PUS0KTE', type: 'escalation_policy_reference', summary: 'Default' },
  teams: [],
  priority: { id: 'PSO75BM', type: 'priority_reference', summary: 'P1' },
  urgency: 'high',
  resolve_reason: null,
};

export const pagerduty = (eventType: string, occurredAt = '2026-02-06T13:08:46.169Z', data: object = {}) => ({
  event: {
    id: `01BHE${eventType.length}${occurredAt}`,
    event_type: eventType,
    resource_type: 'incident',
    occurred_at: occurredAt,
    agent: { id: 'PLH1HKV', type: 'user_reference', summary: 'Kim' },
    client: null,
    data: { ...incidentOfPagerduty, ...data },
  },
});

export const pagerdutyNote = () => ({
  event: {
    ...pagerduty('incident.annotated').event,
    data: {
      id: 'PWL7QXS',
      type: 'incident_note',
      incident: { id: 'PGR0VU2', type: 'incident_reference', summary: 'Checkout is slow' },
      content: 'The password of the database is hunter2',
    },
  },
});

const arn = 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:CpuTooHigh';

export const cloudwatchEvent = (value: string, timestamp = '2026-02-06T13:08:45.123+0000') => ({
  version: '0',
  id: 'c4c1c1c9-6542-e61b-6ef0-8c4d36933a92',
  'detail-type': 'CloudWatch Alarm State Change',
  source: 'aws.cloudwatch',
  account: '123456789012',
  time: '2026-02-06T13:08:46Z',
  region: 'eu-central-1',
  resources: [arn],
  detail: {
    alarmName: 'CpuTooHigh',
    configuration: { description: 'The processors are busy', metrics: [] },
    previousState: { value: 'OK', reason: 'Fine', timestamp: '2026-02-06T12:00:00.000+0000' },
    state: { value, reason: 'Threshold Crossed: 1 out of the last 1 datapoints', timestamp },
  },
});

export const cloudwatchOverSns = (state: string) => ({
  Type: 'Notification',
  MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
  TopicArn: 'arn:aws:sns:eu-central-1:123456789012:alarms',
  Subject: `${state}: "CpuTooHigh" in EU (Frankfurt)`,
  Message: JSON.stringify({
    AlarmName: 'CpuTooHigh',
    AlarmDescription: 'The processors are busy',
    AWSAccountId: '123456789012',
    NewStateValue: state,
    NewStateReason: 'Threshold Crossed: 1 out of the last 1 datapoints',
    StateChangeTime: '2026-02-06T13:08:45.123+0000',
    Region: 'EU (Frankfurt)',
    AlarmArn: arn,
    OldStateValue: 'OK',
    Trigger: { MetricName: 'CPUUtilization', Namespace: 'AWS/EC2' },
  }),
  Timestamp: '2026-02-06T13:08:46.000Z',
  SignatureVersion: '1',
});

export const servicenow = (more: object = {}) => ({
  sys_id: '9d385017c611228701d22104cc95c371',
  number: 'INC0010042',
  short_description: 'The printer burns',
  description: 'It is on the third floor',
  state: '1',
  priority: '1',
  urgency: '1',
  impact: '2',
  category: 'hardware',
  caller_id: { display_value: 'Abel Tuter', link: 'https://acme.service-now.com/api/now/table/sys_user/1' },
  sys_created_on: '2026-02-06 13:08:45',
  sys_updated_on: '2026-02-06 13:08:45',
  ...more,
});

export const jira = (webhookEvent: string, category: 'new' | 'indeterminate' | 'done', more: object = {}) => ({
  timestamp: 1_770_383_325_123,
  webhookEvent,
  issue: {
    id: '10071',
    self: 'https://acme.atlassian.net/rest/api/2/issue/10071',
    key: 'OPS-71',
    fields: {
      summary: 'Login fails',
      description: 'Since this morning',
      status: { name: 'Open', statusCategory: { id: 2, key: category, name: 'To Do' } },
      priority: { name: 'Highest' },
      issuetype: { name: 'Bug' },
      project: { key: 'OPS' },
    },
  },
  ...more,
});
