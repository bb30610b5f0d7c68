import type { Incident, IncidentEvent, RefusedReason, Severity } from '../../../contract/schemas/incident.ts';
import { isObject, objectAt, valueAt } from '../pointer-rules.ts';
import { plainLine, plainText, webAddress } from '../untrusted-text-rules.ts';

/** An incident, and the part of the payload that it comes from. */
export interface FoundIncident {
  readonly incident: Incident;
  readonly item: unknown;
}

export type Adapted = readonly FoundIncident[] | { readonly refused: RefusedReason };

/** A payload that is not of the kind of its source. */
export const notOfThisKind = { refused: 'not-of-this-kind' } as const;

/**
 * Pure: a payload of one kind in the common form.
 * @param receivedAt the time of incidents that have none, in milliseconds since the epoch.
 */
export type Adapter = (payload: Readonly<Record<string, unknown>>, receivedAt: number) => Adapted;

export interface RawIncident {
  readonly key: string;
  readonly event: IncidentEvent;
  readonly severity: Severity;
  readonly title: string | undefined;
  readonly body?: string | undefined;
  readonly url?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly occurredAt: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly system: string;
  readonly number?: string | undefined;
}

const longestKey = 255;
const longestTitle = 200;
const longestBody = 1500;

/** Limits every text, and removes what could deceive a reader. */
export function toIncident(raw: RawIncident): Incident {
  const { key, event, severity, title, body, url, occurredAt, labels, system, number } = raw;
  const shownBody = body === undefined ? '' : plainText(body, longestBody);
  const address = webAddress(url);
  const line = title === undefined ? '' : plainLine(title, longestTitle);
  return {
    key: plainLine(key, longestKey),
    event,
    severity,
    title: line === '' ? `Incident ${plainLine(key, 100)}` : line,
    ...(shownBody === '' ? {} : { body: shownBody }),
    ...(address === undefined ? {} : { url: address }),
    occurredAt: new Date(occurredAt).toISOString(),
    labels,
    external: {
      system,
      id: plainLine(key, longestKey),
      ...(number === undefined ? {} : { number: plainLine(number, 100) }),
    },
  };
}

const mostLabels = 50;

/** The members of an object that are texts, numbers or truth values. */
export function labelsAt(document: unknown, pointer: string): Readonly<Record<string, string>> {
  const entries = Object.entries(objectAt(document, pointer) ?? {}).flatMap(([name, value]) => {
    const isShown = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return isShown && name !== '__proto__' ? [[plainLine(name, 100), plainLine(String(value), 200)] as const] : [];
  });
  return Object.fromEntries(entries.slice(0, mostLabels));
}

const firstTime = Date.UTC(2000, 0, 1);
/** A clock that is further ahead is wrong, and would make every later event look old. */
const mostLeadMs = 24 * 60 * 60 * 1000;

/** ISO 8601 with or without a colon in the offset, `2026-02-06 13:08:45` in UTC, seconds or milliseconds. */
export function timeOf(value: unknown, receivedAt: number): number {
  const parsed = typeof value === 'number' ? fromNumber(value) : typeof value === 'string' ? fromText(value) : NaN;
  return parsed >= firstTime && parsed <= receivedAt + mostLeadMs ? parsed : receivedAt;
}

function fromNumber(value: number): number {
  return Math.round(value < 1e11 ? value * 1000 : value);
}

function fromText(value: string): number {
  if (/^\d{1,13}(?:\.\d+)?$/.test(value)) return fromNumber(Number(value));
  const spaced = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(value) ? `${value.replace(' ', 'T')}Z` : value;
  return Date.parse(spaced.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
}

const words: readonly (readonly [Severity, RegExp])[] = [
  ['critical', /^(?:critical|crit|page|emergency|fatal|disaster|sev-?[01]|p[01]|highest|blocker|[01])\b/i],
  ['error', /^(?:error|err|high|major|sev-?2|p2|2)\b/i],
  ['info', /^(?:info|informational|low|lowest|none|minor|debug|notice|sev-?[45]|p[45]|[45])\b/i],
];

/** `warning` for an unknown or missing word. */
export function severityOf(word: string | undefined): Severity {
  return words.find(([, pattern]) => word !== undefined && pattern.test(word.trim()))?.[0] ?? 'warning';
}

/** Undefined unless the value is a list. Leaves out items that are not objects. */
export function listAt(document: unknown, pointer: string): readonly Readonly<Record<string, unknown>>[] | undefined {
  const value = valueAt(document, pointer);
  return Array.isArray(value) ? value.filter(isObject) : undefined;
}

/** Lines that exist, joined. */
export function linesOf(...lines: readonly (string | undefined)[]): string | undefined {
  const present = lines.filter((line) => line !== undefined && line.trim() !== '');
  return present.length === 0 ? undefined : present.join('\n');
}
