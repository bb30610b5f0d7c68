import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { incident } from '../../../contract/schemas/incident.ts';
import { mapping } from '../../../contract/schemas/incident-rules.ts';
import { type SourceKind, sourceKinds } from '../../../contract/schemas/incident.ts';
import {
  alertmanager,
  cloudwatchEvent,
  cloudwatchOverSns,
  firingAlert,
  grafana,
  jira,
  pagerduty,
  pagerdutyNote,
  resolvedAlert,
  servicenow,
} from '../vendor-payload-builders.ts';
import { adapt, adaptBody, mostIncidents } from './adapt-rules.ts';

const receivedAt = Date.parse('2026-02-06T14:00:00Z');

function incidentsOf(kind: SourceKind, payload: unknown, more: object = {}) {
  const adapted = adapt({ kind, ...more }, payload, receivedAt);
  if ('refused' in adapted) throw new Error(adapted.refused);
  return adapted.map((found) => found.incident);
}

describe('the adapter', () => {
  it('makes an incident of each alert of Alertmanager', () => {
    const found = incidentsOf('alertmanager', alertmanager(firingAlert('1a30'), resolvedAlert('2b41')));
    expect(found).toEqual([
      {
        ...{ key: '1a30', event: 'open', severity: 'critical', title: 'Probe failure on web-3' },
        body: 'No answer for five minutes',
        url: 'https://prometheus.example.org/graph?g0.expr=up',
        occurredAt: '2026-02-06T13:08:45.123Z',
        labels: { alertname: 'ProbeFailure', instance: 'web-3.example.org', severity: 'critical', service: 'web' },
        external: { system: 'alertmanager', id: '1a30' },
      },
      expect.objectContaining({ key: '2b41', event: 'close', occurredAt: '2026-02-06T13:20:00.000Z' }),
    ]);
  });

  it('identifies an alert of Alertmanager without a fingerprint by its labels', () => {
    const [one, other] = ['b', 'a'].map((first) => {
      const labels = first === 'a' ? { a: '1', b: '2' } : { b: '2', a: '1' };
      return incidentsOf('alertmanager', alertmanager({ status: 'firing', labels }))[0]?.key;
    });
    expect(one).toBe('a=1,b=2');
    expect(other).toBe(one);
  });

  it('prefers the link to the panel of Grafana', () => {
    expect(incidentsOf('grafana', grafana(firingAlert('3c')))).toMatchObject([
      { key: '3c', event: 'open', url: 'https://grafana.example.org/d/1?viewPanel=2', external: { system: 'grafana' } },
    ]);
  });

  it.each([
    ['incident.triggered', 'open'],
    ['incident.reopened', 'open'],
    ['incident.acknowledged', 'acknowledge'],
    ['incident.unacknowledged', 'update'],
    ['incident.escalated', 'update'],
    ['incident.priority_updated', 'update'],
    ['incident.resolved', 'close'],
  ] as const)('reads %s of PagerDuty as %s', (type, event) => {
    expect(incidentsOf('pagerduty', pagerduty(type))).toMatchObject([
      {
        ...{ key: 'PGR0VU2', event, severity: 'critical', title: 'Checkout is slow' },
        url: 'https://acme.pagerduty.com/incidents/PGR0VU2',
        occurredAt: '2026-02-06T13:08:46.169Z',
        external: { number: '2' },
      },
    ]);
  });

  it('finds the incident of a note of PagerDuty, and leaves its text there', () => {
    const found = incidentsOf('pagerduty', pagerdutyNote());
    expect(found).toMatchObject([{ key: 'PGR0VU2', event: 'update', title: 'Checkout is slow' }]);
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  it.each([
    ['ALARM', 'open', 'error'],
    ['OK', 'close', 'info'],
    ['INSUFFICIENT_DATA', 'update', 'info'],
  ] as const)('reads the state %s of CloudWatch from EventBridge and from SNS', (state, event, severity) => {
    for (const payload of [cloudwatchEvent(state), cloudwatchOverSns(state)]) {
      expect(incidentsOf('cloudwatch', payload)).toMatchObject([
        {
          ...{ key: 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:CpuTooHigh', event, severity },
          ...{ title: 'CpuTooHigh', occurredAt: '2026-02-06T13:08:45.123Z' },
          body: expect.stringContaining('The processors are busy\nThreshold Crossed') as string,
        },
      ]);
    }
  });

  it.each([
    [{}, 'open'],
    [{ state: 'New' }, 'open'],
    [{ state: '2' }, 'update'],
    [{ state: { display_value: 'On Hold' } }, 'update'],
    [{ state: '6' }, 'close'],
    [{ state: 'Canceled' }, 'close'],
  ] as const)('reads %j of ServiceNow as %s', (change, event) => {
    for (const payload of [servicenow(change), { record: servicenow(change) }]) {
      expect(incidentsOf('servicenow', payload)).toMatchObject([
        {
          ...{ key: '9d385017c611228701d22104cc95c371', event, severity: 'critical', title: 'The printer burns' },
          occurredAt: '2026-02-06T13:08:45.000Z',
          labels: { caller_id: 'Abel Tuter', impact: '2' },
          external: { number: 'INC0010042' },
        },
      ]);
    }
  });

  it.each([
    ['jira:issue_created', 'new', 'open'],
    ['jira:issue_updated', 'indeterminate', 'open'],
    ['jira:issue_updated', 'done', 'close'],
    ['jira:issue_deleted', 'new', 'close'],
    ['comment_created', 'indeterminate', 'update'],
  ] as const)('reads %s of Jira with the category %s as %s', (type, category, event) => {
    const comment = { comment: { body: 'internal words', jsdPublic: false } };
    const found = incidentsOf('jira', jira(type, category, comment));
    expect(found).toMatchObject([
      {
        ...{ key: '10071', event, severity: 'critical', title: 'OPS-71 Login fails' },
        ...{ url: 'https://acme.atlassian.net/browse/OPS-71', occurredAt: '2026-02-06T13:08:45.123Z' },
        external: { number: 'OPS-71' },
      },
    ]);
    expect(JSON.stringify(found)).not.toContain('internal words');
  });

  it('follows the pointers of a source of any JSON', () => {
    const pointers = mapping.parse({
      ...{ each: '/checks', incidentKey: '/id', event: '/state', opens: ['down'], closes: ['up'], title: '/name' },
      ...{ severity: '/level', occurredAt: '/at', labels: '/tags' },
    });
    const payload = {
      checks: [{ id: 7, state: 'down', name: 'Ping', level: 'major', at: 1_770_383_325, tags: { a: 1 } }],
    };
    expect(incidentsOf('generic', payload, { mapping: pointers })).toEqual([
      {
        ...{ key: '7', event: 'open', severity: 'error', title: 'Ping', labels: { a: '1' } },
        ...{ occurredAt: '2026-02-06T13:08:45.000Z', external: { system: 'generic', id: '7' } },
      },
    ]);
  });

  it.each(sourceKinds)('refuses payloads of another kind than %s', (kind) => {
    const others = [null, 7, 'text', [], {}, { alerts: [] }, { alerts: [{}] }, { event: {} }, { detail: {} }];
    for (const payload of others) {
      expect(adapt({ kind }, payload, receivedAt)).toEqual({ refused: 'not-of-this-kind' });
    }
  });

  it('refuses more incidents than one delivery may have', () => {
    const alerts = Array.from({ length: mostIncidents + 1 }, (_, index) => firingAlert(String(index)));
    expect(adapt({ kind: 'alertmanager' }, alertmanager(...alerts), receivedAt)).toEqual({
      refused: 'too-many-incidents',
    });
  });

  it('refuses a body that is not JSON', () => {
    for (const body of ['', '{', `${'['.repeat(100_000)}`]) {
      expect(adaptBody({ kind: 'generic' }, body, receivedAt).adapted).toEqual({ refused: 'not-json' });
    }
  });

  it('takes the time of the arrival for a time that is missing, malformed or far ahead', () => {
    for (const occurredAt of [undefined, 'soon', '0001-01-01T00:00:00Z', '2099-01-01T00:00:00Z', {}, -1]) {
      const payload = { incidentKey: 'a', event: 'open', occurredAt };
      expect(incidentsOf('generic', payload)[0]?.occurredAt).toBe('2026-02-06T14:00:00.000Z');
    }
  });

  it('makes valid incidents of whatever the texts contain', () => {
    const odd = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\u202e', '@all <b>', '\ud800', 'x'.repeat(5000)),
    );
    const payloads = fc.record({
      incidentKey: odd.filter((text) => text.trim() !== ''),
      event: fc.constantFrom('open', 'close', 'other'),
      title: odd,
      body: odd,
      url: fc.oneof(odd, fc.webUrl(), fc.constant('javascript:alert(1)')),
      labels: fc.dictionary(odd, odd),
    });
    fc.assert(
      fc.property(payloads, (payload) => {
        for (const found of incidentsOf('generic', payload)) {
          expect(incident.parse(found)).toEqual(found);
          const texts = JSON.stringify(found);
          expect(texts.isWellFormed()).toBe(true);
          expect(texts).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
          expect(found.title.length).toBeLessThanOrEqual(400);
          if (found.url !== undefined) expect(found.url).toMatch(/^https?:/);
        }
      }),
    );
  });
});
