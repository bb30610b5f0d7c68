import type { CloseMode, IncidentRule } from '../../contract/schemas/incident-rules.ts';
import type { Incident, Severity } from '../../contract/schemas/incident.ts';
import type { Priority } from '../../contract/schemas/support.ts';
import type { FoundIncident } from './adapters/adapter-rules.ts';
import { firstMatch } from './matching-rules.ts';
import { fillIn } from './placeholder-rules.ts';
import { cut, plainLine } from './untrusted-text-rules.ts';

/** The conversation that a rule makes of an incident. Stored with the incident, so that a repetition is the same. */
export interface Opening {
  readonly rule: string;
  readonly subject: string;
  readonly message: string;
  readonly priority: Priority;
  readonly tags: readonly string[];
  readonly skills?: readonly string[] | undefined;
  readonly teamId?: string | undefined;
  readonly templateId?: string | undefined;
  readonly onBehalfOf?: string | undefined;
  readonly incidentId: string;
  readonly metadata: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly close: CloseMode;
}

const priorityOf: Readonly<Record<Severity, Priority>> = {
  critical: 'urgent',
  error: 'high',
  warning: 'medium',
  info: 'low',
};

/** Unicode code points. */
const longestSubject = 200;
const longestMessage = 2000;
const mostMetadataBytes = 3500;

/** The document that pointers and placeholders refer to. */
export function documentOf({ incident, item }: FoundIncident, payload: unknown): object {
  return { ...incident, item, payload };
}

/** @returns undefined if no rule fits. */
export function route(
  rules: readonly IncidentRule[],
  found: FoundIncident,
  payload: unknown,
): { readonly rule: IncidentRule; readonly opening: Opening } | undefined {
  const document = documentOf(found, payload);
  const rule = firstMatch(rules, document);
  return rule && { rule, opening: openingOf(rule, found.incident, document) };
}

function openingOf({ name, then }: IncidentRule, incident: Incident, document: object): Opening {
  const { title, message, templateId, teamId, priority, tags = [], skills, onBehalfOf, close } = then;
  const subject = title === undefined ? incident.title : plainLine(fillIn(title, document), longestSubject);
  const text = message === undefined ? '' : cut(fillIn(message, document), longestMessage).trim();
  return {
    rule: name,
    subject: subject === '' ? incident.title : subject,
    message: text === '' ? describe(incident) : text,
    priority: priority ?? priorityOf[incident.severity],
    tags,
    ...(skills === undefined ? {} : { skills }),
    ...(templateId === undefined ? {} : { templateId }),
    ...(teamId === undefined ? {} : { teamId }),
    ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
    incidentId: (incident.external.number ?? incident.external.id).slice(0, 255),
    metadata: metadataOf(incident),
    close,
  };
}

/** For placeholders of the template, and for agents. */
function metadataOf({ external, severity, title, url, labels }: Incident): Opening['metadata'] {
  const incident = { id: external.id, system: external.system, severity, title, ...(url === undefined ? {} : { url }) };
  const kept = Object.entries(labels).filter(([name]) => name !== '' && name.length <= 64);
  for (let count = kept.length; count > 0; count -= 1) {
    const metadata = { incident, labels: Object.fromEntries(kept.slice(0, count)) };
    if (Buffer.byteLength(JSON.stringify(metadata)) <= mostMetadataBytes) return metadata;
  }
  return { incident };
}

const prefixes: Readonly<Record<Incident['event'], string>> = {
  open: 'Triggered again: ',
  update: 'Update: ',
  acknowledge: 'Acknowledged at the source: ',
  close: 'Ended: ',
};

/** The message of a later event. */
export function updateText(incident: Incident): string {
  return cut(prefixes[incident.event] + describe(incident), longestMessage);
}

function describe({ title, body, url }: Incident): string {
  return cut([title, body, url].filter((line) => line !== undefined).join('\n'), longestMessage);
}

const time = (at: number) => new Date(at).toISOString().slice(11, 19);

export function countText(count: number, from: number, to: number): string {
  const alerts = count === 1 ? '1 more alert' : `${count} more alerts`;
  return `${alerts} from ${time(from)} to ${time(to)} UTC, which the service does not show one by one`;
}
