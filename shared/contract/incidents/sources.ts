import * as z from 'zod/mini';
import { teamNotFound } from '../desk/problems.ts';
import { defineRoute } from '../kit/define-route.ts';
import { userNotFound } from '../problems.ts';
import { authentication } from '../schemas/incident-authentication.ts';
import { sourceId } from '../schemas/incident-ids.ts';
import { grouping, incidentRules, mapping } from '../schemas/incident-rules.ts';
import { source, sourceKind } from '../schemas/incident.ts';
import { recognisableName, text } from '../schemas/text.ts';
import { templateNotFound } from '../templates/problems.ts';
import { rotationOpen, sourceLimitReached, sourceNotFound } from './problems.ts';

const name = recognisableName(60).check(z.meta({ description: 'For people', examples: ['Prometheus'] }));
const secret = text(
  z.minLength(16),
  z.maxLength(256),
  z.regex(/^[!-~]+$/, 'must be printable ASCII without spaces'),
  z.meta({
    description:
      'The secret that the sender chose, such as PagerDuty. Without it, the service makes one and shows it in the answer, once.',
    examples: ['pd-whsec-Vb4nQ8sK2mX7cT5z'],
  }),
);

const withSecret = z
  .object({
    source,
    secret: z.optional(
      z.string().check(
        z.meta({
          description: 'The secret that the service made. No other answer contains it.',
          examples: ['whsec_c3dpdGNoYm9hcmQtdGVzdC1zZWNyZXQtMzJieXRlcyE='],
        }),
      ),
    ),
  })
  .register(z.globalRegistry, { id: 'IncidentSourceWithSecret', description: 'A source and its new secret' });

export const listIncidentSources = defineRoute({
  operationId: 'listIncidentSources',
  method: 'GET',
  path: '/api/v1/admin/sources',
  access: 'incidents:manage',
  summary: 'List the sources of incidents',
  params: {},
  responses: { 200: z.object({ items: z.array(source), nextCursor: z.null() }) },
  problems: [],
  idempotent: 'safe',
});

export const createIncidentSource = defineRoute({
  operationId: 'createIncidentSource',
  method: 'POST',
  path: '/api/v1/admin/sources',
  access: 'incidents:manage',
  summary: 'Create a source of incidents',
  description:
    'Then let the other system send its incidents to `path`. A tenant has at most 20 sources. The kind and the authentication of a source never change.',
  params: {},
  body: z
    .strictObject({
      name,
      kind: sourceKind,
      authentication,
      secret: z.optional(secret),
      rules: z._default(incidentRules, []),
      grouping: z._default(grouping, { windowSeconds: 60, most: 10 }),
      mapping: z.optional(mapping),
    })
    .check(
      z.refine((body) => body.mapping === undefined || body.kind === 'generic', {
        path: ['mapping'],
        error: 'send it only with the kind generic',
      }),
      z.meta({
        examples: [
          {
            name: 'Prometheus',
            kind: 'alertmanager',
            authentication: { mode: 'token' },
            rules: [{ name: 'All alerts' }],
          },
        ],
      }),
    ),
  responses: { 201: withSecret },
  problems: [sourceLimitReached, teamNotFound, templateNotFound, userNotFound],
  idempotent: 'no',
});

export const getIncidentSource = defineRoute({
  operationId: 'getIncidentSource',
  method: 'GET',
  path: '/api/v1/admin/sources/{sourceId}',
  access: 'incidents:manage',
  summary: 'Get a source of incidents',
  params: { sourceId },
  responses: { 200: source },
  problems: [sourceNotFound],
  idempotent: 'safe',
});

export const updateIncidentSource = defineRoute({
  operationId: 'updateIncidentSource',
  method: 'PATCH',
  path: '/api/v1/admin/sources/{sourceId}',
  access: 'incidents:manage',
  summary: 'Change a source of incidents',
  description:
    'Absent members stay as they are. `rules` replaces the whole list. Deliveries that were received before, and are not yet processed, follow the new rules.',
  params: { sourceId },
  body: z
    .strictObject({
      name: z.optional(name),
      enabled: z.optional(z.boolean()),
      rules: z.optional(incidentRules),
      grouping: z.optional(grouping),
      mapping: z.optional(mapping.check(z.describe('Without effect unless the kind is `generic`'))),
    })
    .check(z.meta({ examples: [{ name: 'Prometheus of the shop', enabled: true }] })),
  responses: { 200: source },
  problems: [sourceNotFound, teamNotFound, templateNotFound, userNotFound],
  idempotent: 'yes',
});

export const deleteIncidentSource = defineRoute({
  operationId: 'deleteIncidentSource',
  method: 'DELETE',
  path: '/api/v1/admin/sources/{sourceId}',
  access: 'incidents:manage',
  summary: 'Delete a source of incidents',
  description: 'Its conversations remain. The service rejects further deliveries at once.',
  params: { sourceId },
  responses: { 204: null },
  problems: [sourceNotFound],
  idempotent: 'yes',
});

export const rotateIncidentSecret = defineRoute({
  operationId: 'rotateIncidentSecret',
  method: 'POST',
  path: '/api/v1/admin/sources/{sourceId}/secret',
  access: 'incidents:manage',
  summary: 'Rotate the secret of a source',
  description: 'Until the former secret expires, the source accepts both.',
  params: { sourceId },
  body: z
    .strictObject({
      secret: z.optional(secret),
      overlapHours: z._default(
        z
          .int()
          .check(
            z.minimum(0),
            z.maximum(72),
            z.describe('Hours for which the former secret stays valid, at most 72. Send 0 if it leaked.'),
          ),
        24,
      ),
      force: z.optional(z.boolean().check(z.describe('Ends a former secret that is still valid'))),
    })
    .check(z.meta({ examples: [{ overlapHours: 24 }] })),
  responses: { 200: withSecret },
  problems: [sourceNotFound, rotationOpen],
  idempotent: 'no',
});
