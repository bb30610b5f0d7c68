import type { IncidentEvent } from '../../../contract/schemas/incident.ts';
import { objectAt, textAt, valueAt } from '../pointer-rules.ts';
import { type Adapter, notOfThisKind, severityOf, timeOf, toIncident } from './adapter-rules.ts';

/** Resolved, Closed and Canceled, as numbers of a standard instance and as words. */
const ended: ReadonlySet<string> = new Set(['6', '7', '8', 'resolved', 'closed', 'canceled', 'cancelled']);
const opened: ReadonlySet<string> = new Set(['1', 'new']);

/**
 * ServiceNow defines no payload: a business rule sends the members of its incident record, alone or as `record`.
 * Reference fields may be objects with a `display_value`.
 * https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html
 */
export const servicenowAdapter: Adapter = (payload, receivedAt) => {
  const record = objectAt(payload, '/record') ?? payload;
  const key = textAt(record, '/sys_id');
  const state = fieldOf(record, 'state')?.toLowerCase();
  if (key === undefined || state === undefined) return notOfThisKind;
  const group = fieldOf(record, 'assignment_group');
  const incident = toIncident({
    key,
    event: eventOf(state, textAt(payload, '/operation')),
    severity: severityOf(fieldOf(record, 'priority') ?? fieldOf(record, 'urgency')),
    title: fieldOf(record, 'short_description'),
    body: fieldOf(record, 'description'),
    url: textAt(record, '/url') ?? textAt(payload, '/url'),
    occurredAt: timeOf(valueAt(record, '/sys_updated_on') ?? valueAt(record, '/sys_created_on'), receivedAt),
    labels: {
      state,
      ...Object.fromEntries(
        ['priority', 'urgency', 'impact', 'category', 'caller_id'].flatMap((name) => {
          const value = fieldOf(record, name);
          return value === undefined ? [] : [[name, value.slice(0, 200)]];
        }),
      ),
      ...(group === undefined ? {} : { assignment_group: group.slice(0, 200) }),
    },
    system: 'servicenow',
    number: fieldOf(record, 'number'),
  });
  return [{ incident, item: record }];
};

function eventOf(state: string, operation: string | undefined): IncidentEvent {
  if (ended.has(state) || operation === 'delete') return 'close';
  return opened.has(state) || operation === 'insert' ? 'open' : 'update';
}

function fieldOf(record: unknown, name: string): string | undefined {
  return textAt(record, `/${name}/display_value`) ?? textAt(record, `/${name}/value`) ?? textAt(record, `/${name}`);
}
