import type { Mapping } from '../../../contract/schemas/incident-rules.ts';
import type { SourceKind } from '../../../contract/schemas/incident.ts';
import { isObject } from '../pointer-rules.ts';
import type { Adapted, Adapter } from './adapter-rules.ts';
import { cloudwatchAdapter } from './cloudwatch-rules.ts';
import { genericAdapter } from './generic-rules.ts';
import { jiraAdapter } from './jira-rules.ts';
import { pagerdutyAdapter } from './pagerduty-rules.ts';
import { prometheusAdapter } from './prometheus-rules.ts';
import { servicenowAdapter } from './servicenow-rules.ts';

const adapters: Readonly<Record<Exclude<SourceKind, 'generic'>, Adapter>> = {
  alertmanager: prometheusAdapter('alertmanager'),
  grafana: prometheusAdapter('grafana'),
  pagerduty: pagerdutyAdapter,
  cloudwatch: cloudwatchAdapter,
  servicenow: servicenowAdapter,
  jira: jiraAdapter,
};

const standardMapping: Mapping = {
  incidentKey: '/incidentKey',
  event: '/event',
  opens: ['open'],
  closes: ['close'],
  title: '/title',
  body: '/body',
  url: '/url',
  severity: '/severity',
  occurredAt: '/occurredAt',
  labels: '/labels',
};

/** Each incident costs a transaction. Alertmanager's `max_alerts` limits its deliveries. */
export const mostIncidents = 500;

export function adapt(
  { kind, mapping = standardMapping }: { readonly kind: SourceKind; readonly mapping?: Mapping | undefined },
  payload: unknown,
  receivedAt: number,
): Adapted {
  if (!isObject(payload)) return { refused: 'not-of-this-kind' };
  const adapter = kind === 'generic' ? genericAdapter(mapping) : adapters[kind];
  const adapted = adapter(payload, receivedAt);
  return 'refused' in adapted || adapted.length <= mostIncidents ? adapted : { refused: 'too-many-incidents' };
}

/** From the bytes of a body. */
export function adaptBody(
  source: Parameters<typeof adapt>[0],
  body: string,
  receivedAt: number,
): { readonly payload: unknown; readonly adapted: Adapted } {
  try {
    const payload: unknown = JSON.parse(body);
    return { payload, adapted: adapt(source, payload, receivedAt) };
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    return { payload: undefined, adapted: { refused: 'not-json' } };
  }
}
