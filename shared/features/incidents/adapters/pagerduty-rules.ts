import type { IncidentEvent } from '../../../contract/schemas/incident.ts';
import { objectAt, textAt } from '../pointer-rules.ts';
import { type Adapter, linesOf, notOfThisKind, severityOf, timeOf, toIncident } from './adapter-rules.ts';

const events: Readonly<Record<string, IncidentEvent>> = {
  'incident.triggered': 'open',
  'incident.reopened': 'open',
  'incident.acknowledged': 'acknowledge',
  'incident.resolved': 'close',
};

/**
 * Webhooks v3. In events about notes, responders and tasks, the incident is a member of the data. Such events update it.
 * https://developer.pagerduty.com/docs/webhooks/v3-overview/
 */
export const pagerdutyAdapter: Adapter = (payload, receivedAt) => {
  const type = textAt(payload, '/event/event_type');
  const data = objectAt(payload, '/event/data');
  if (type === undefined || data === undefined || !type.startsWith('incident.')) return notOfThisKind;
  const isIncident = textAt(data, '/type') === 'incident';
  const subject = isIncident ? data : objectAt(data, '/incident');
  const key = textAt(subject, '/id');
  if (key === undefined) return notOfThisKind;
  const event = isIncident ? (events[type] ?? 'update') : 'update';
  const service = textAt(subject, '/service/summary');
  const incident = toIncident({
    key,
    event,
    severity: severityOf(textAt(subject, '/priority/summary') ?? textAt(subject, '/urgency')),
    title: textAt(subject, '/title') ?? textAt(subject, '/summary'),
    // The text of a note may be internal, so it stays at PagerDuty.
    body: linesOf(
      event === 'update' ? `PagerDuty: ${type.slice('incident.'.length).replaceAll('_', ' ')}` : undefined,
      service === undefined ? undefined : `Service: ${service}`,
    ),
    url: textAt(subject, '/html_url'),
    occurredAt: timeOf(textAt(payload, '/event/occurred_at'), receivedAt),
    labels: {
      ...(service === undefined ? {} : { service: service.slice(0, 200) }),
      ...Object.fromEntries(
        ['urgency', 'status'].flatMap((name) => {
          const value = textAt(subject, `/${name}`);
          return value === undefined ? [] : [[name, value.slice(0, 200)]];
        }),
      ),
    },
    system: 'pagerduty',
    number: textAt(subject, '/number'),
  });
  return [{ incident, item: subject }];
};
