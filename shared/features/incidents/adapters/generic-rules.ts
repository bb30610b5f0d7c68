import { type Mapping } from '../../../contract/schemas/incident-rules.ts';
import type { IncidentEvent } from '../../../contract/schemas/incident.ts';
import { textAt, valueAt } from '../pointer-rules.ts';
import { type Adapter, labelsAt, listAt, notOfThisKind, severityOf, timeOf, toIncident } from './adapter-rules.ts';

/** Any JSON, with the pointers of the source. */
export function genericAdapter(mapping: Mapping): Adapter {
  return (payload, receivedAt) => {
    const items = mapping.each === undefined ? [payload] : listAt(payload, mapping.each);
    if (items === undefined || items.length === 0) return notOfThisKind;
    const found = items.flatMap((item) => {
      const key = textAt(item, mapping.incidentKey);
      const event = eventOf(textAt(item, mapping.event), mapping);
      if (key === undefined || event === undefined) return [];
      const incident = toIncident({
        key,
        event,
        severity: severityOf(textAt(item, mapping.severity)),
        title: textAt(item, mapping.title),
        body: textAt(item, mapping.body),
        url: textAt(item, mapping.url),
        occurredAt: timeOf(valueAt(item, mapping.occurredAt), receivedAt),
        labels: labelsAt(item, mapping.labels),
        system: 'generic',
      });
      return [{ incident, item }];
    });
    return found.length === items.length ? found : notOfThisKind;
  };
}

/** Any other value updates an open incident. */
function eventOf(value: string | undefined, { opens, closes }: Mapping): IncidentEvent | undefined {
  if (value === undefined) return undefined;
  if (opens.includes(value)) return 'open';
  if (closes.includes(value)) return 'close';
  return value === 'acknowledge' ? 'acknowledge' : 'update';
}
