import * as z from 'zod/mini';
import { timestamp } from './ids.ts';
import { authenticationMembers, hmacProfile } from './incident-authentication.ts';
import { deliveryId, sourceId } from './incident-ids.ts';
import { incidentRule } from './incident-rules.ts';

export const sourceKinds = [
  'alertmanager',
  'grafana',
  'pagerduty',
  'cloudwatch',
  'servicenow',
  'jira',
  'generic',
] as const;
export type SourceKind = (typeof sourceKinds)[number];
export const sourceKind = z
  .enum(sourceKinds)
  .check(z.meta({ description: 'The form of the payloads', examples: ['alertmanager'] }));

export const source = z
  .object({
    id: sourceId,
    name: z.string().check(z.meta({ examples: ['Prometheus'] })),
    kind: sourceKind,
    path: z
      .string()
      .check(z.meta({ description: 'The path that the sender calls', examples: ['/in/01KAJ7FWQG2N5R8T1V4X7Z0B3D'] })),
    authentication: z.object({
      ...authenticationMembers,
      profile: z.optional(z.object(hmacProfile.def.shape)),
    }),
    enabled: z.boolean().check(z.describe('A disabled source rejects every delivery')),
    rules: z.array(incidentRule),
    grouping: z.object({ windowSeconds: z.int(), most: z.int() }),
    mapping: z.optional(z.record(z.string(), z.unknown())),
    secrets: z.array(
      z.object({
        createdAt: timestamp,
        expiresAt: z.optional(timestamp.check(z.describe('Absent for the current secret'))),
      }),
    ),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .register(z.globalRegistry, { id: 'IncidentSource', description: 'A system that reports incidents' });
export type Source = z.input<typeof source>;

export const incidentEvents = ['open', 'update', 'acknowledge', 'close'] as const;
export type IncidentEvent = (typeof incidentEvents)[number];
export const severities = ['critical', 'error', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/** The same form for every kind of source. */
export const incident = z
  .object({
    key: z.string().check(z.meta({ description: 'Identifies the incident at its source', examples: ['PGR0VU2'] })),
    event: z.enum(incidentEvents),
    severity: z.enum(severities),
    title: z.string().check(z.meta({ examples: ['Probe failure on web-3'] })),
    body: z.optional(z.string()),
    url: z.optional(z.string()),
    occurredAt: timestamp,
    labels: z.record(z.string(), z.string()),
    external: z.object({
      system: z.string().check(z.meta({ examples: ['pagerduty'] })),
      id: z.string().check(z.meta({ examples: ['PGR0VU2'] })),
      number: z.optional(z.string()),
    }),
  })
  .register(z.globalRegistry, {
    id: 'Incident',
    description: 'One event of an incident, in the same form for all sources',
  });
export type Incident = z.output<typeof incident>;

export const outcomes = [
  'received',
  'opened',
  'updated',
  'closed',
  'grouped',
  'unrouted',
  'ignored',
  'duplicate',
  'refused',
] as const;
export type Outcome = (typeof outcomes)[number];
export const outcome = z.enum(outcomes).register(z.globalRegistry, {
  id: 'IncidentOutcome',
  description:
    '`received`: not yet processed. `grouped`: counted in a message. `unrouted`: no rule fits. `ignored`: without effect, as the `reason` says. `refused`: not authentic, or not readable.',
  examples: ['opened'],
});

export const ignoredReasons = ['unknown-incident', 'already-closed', 'out-of-order'] as const;
export const refusedReasons = ['not-authentic', 'not-json', 'not-of-this-kind', 'too-many-incidents'] as const;
export type IgnoredReason = (typeof ignoredReasons)[number];
export type RefusedReason = (typeof refusedReasons)[number];
export type Reason = IgnoredReason | RefusedReason;
const reason = z.enum([...ignoredReasons, ...refusedReasons]);

export const delivery = z
  .object({
    id: deliveryId,
    receivedAt: timestamp,
    processedAt: z.optional(timestamp),
    outcomes: z.array(outcome).check(z.describe('Each outcome of its incidents once')),
    incidents: z.int().check(z.meta({ description: 'Number of incidents', examples: [1] })),
    bytes: z.int().check(z.meta({ description: 'Size of the payload', examples: [812] })),
    reason: z.optional(reason),
    duplicateOf: z.optional(deliveryId),
  })
  .register(z.globalRegistry, { id: 'IncidentDelivery', description: 'A delivery that a source received' });
export type Delivery = z.input<typeof delivery>;
