import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { invalidCursor } from '../problems.ts';
import { conversationId } from '../schemas/ids.ts';
import { deliveryId, sourceId } from '../schemas/incident-ids.ts';
import { incidentRules } from '../schemas/incident-rules.ts';
import { delivery, ignoredReasons, incident, outcome, refusedReasons } from '../schemas/incident.ts';
import { cursorParameter, limitParameter, page } from '../schemas/paging.ts';
import { priority } from '../schemas/support.ts';
import { jsonObject } from '../schemas/text.ts';
import { deliveryWithoutPayload, incidentDeliveryNotFound, sourceNotFound } from './problems.ts';

const result = z.object({
  incident,
  outcome,
  rule: z.optional(
    z.string().check(z.meta({ description: 'Name of the rule that fits', examples: ['Critical alerts'] })),
  ),
  conversationId: z.optional(conversationId),
  reason: z.optional(z.enum(ignoredReasons)),
});

export const listIncidentDeliveries = defineRoute({
  operationId: 'listIncidentDeliveries',
  method: 'GET',
  path: '/api/v1/admin/sources/{sourceId}/deliveries',
  access: 'incidents:manage',
  summary: 'List what a source received',
  description:
    'The newest first, for 30 days. Filter by `outcome=unrouted` to list the incidents that no rule fits. With a filter, a page can have fewer items than `limit`.',
  params: { sourceId },
  query: z.strictObject({ outcome: z.optional(outcome), limit: limitParameter(20), cursor: cursorParameter }),
  responses: { 200: page(delivery) },
  problems: [sourceNotFound, invalidCursor],
  idempotent: 'safe',
});

export const getIncidentDelivery = defineRoute({
  operationId: 'getIncidentDelivery',
  method: 'GET',
  path: '/api/v1/admin/sources/{sourceId}/deliveries/{deliveryId}',
  access: 'incidents:manage',
  summary: 'Get a delivery with its payload and results',
  params: { sourceId, deliveryId },
  responses: {
    200: z.object({
      delivery,
      payload: z.optional(
        z.string().check(
          z.meta({
            description: 'The body as it arrived',
            examples: ['{"incidentKey":"web-3","event":"open","title":"Down"}'],
          }),
        ),
      ),
      results: z.array(result).check(z.describe('One for each of the first 100 incidents')),
    }),
  },
  problems: [sourceNotFound, incidentDeliveryNotFound],
  idempotent: 'safe',
});

export const replayIncidentDelivery = defineRoute({
  operationId: 'replayIncidentDelivery',
  method: 'POST',
  path: '/api/v1/admin/sources/{sourceId}/deliveries/{deliveryId}/replay',
  access: 'incidents:manage',
  summary: 'Process a delivery again',
  description:
    'For example, after you added a rule for an unrouted incident. An incident of the delivery that had an effect has no second one.',
  params: { sourceId, deliveryId },
  responses: { 202: delivery },
  problems: [sourceNotFound, incidentDeliveryNotFound, deliveryWithoutPayload],
  idempotent: 'yes',
});

export const testIncidentRules = defineRoute({
  operationId: 'testIncidentRules',
  method: 'POST',
  path: '/api/v1/admin/sources/{sourceId}/test',
  access: 'incidents:manage',
  summary: 'Try rules without any effect',
  description: 'Shows what the rules make of a payload. Nothing is stored, and no conversation changes.',
  params: { sourceId },
  body: z
    .strictObject({
      deliveryId: z.optional(deliveryId.check(z.describe('A delivery of the source, instead of `payload`'))),
      payload: z.optional(
        jsonObject(128 * 1024).check(z.describe('A payload of at most 128 KiB, instead of `deliveryId`')),
      ),
      rules: z.optional(incidentRules.check(z.describe('Rules to try. By default, those of the source.'))),
    })
    .check(
      z.refine((body) => (body.deliveryId === undefined) !== (body.payload === undefined), {
        path: ['payload'],
        error: 'send either payload or deliveryId',
      }),
      z.meta({ examples: [{ payload: { incidentKey: 'web-3', event: 'open', title: 'Web 3 is down' } }] }),
    ),
  responses: {
    200: z.object({
      refused: z.optional(z.enum(refusedReasons).check(z.describe('Present if the payload is not readable'))),
      results: z.array(
        z.object({
          incident,
          rule: z.optional(z.string().check(z.describe('Absent if no rule fits'))),
          conversation: z.optional(
            z
              .object({
                subject: z.string(),
                message: z.string(),
                priority,
                tags: z.array(z.string()),
              })
              .check(z.describe('The texts and properties that a new conversation would have')),
          ),
        }),
      ),
    }),
  },
  problems: [sourceNotFound, incidentDeliveryNotFound, deliveryWithoutPayload],
  idempotent: 'safe',
});
