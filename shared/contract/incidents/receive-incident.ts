import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { deliveryId, sourceId } from '../schemas/incident-ids.ts';
import { deliveryNotAuthentic, deliveryTooLarge, tooManyDeliveries } from './problems.ts';

/** Bytes. */
export const largestDelivery = 256 * 1024;

export const receiveIncident = defineRoute({
  operationId: 'receiveIncident',
  method: 'POST',
  path: '/in/{sourceId}',
  access: 'public',
  summary: 'Receive incidents from another system',
  description:
    'Other systems call it, with the signature or the token of the source. The service stores the body as it arrived and processes it afterwards. A delivery that arrives again within 7 days has no further effect.',
  params: { sourceId },
  rawBody: {
    largestBytes: largestDelivery,
    description: 'A payload of the kind of the source',
    example: { incidentKey: 'web-3', event: 'open', title: 'Web 3 is down', severity: 'critical' },
  },
  responses: {
    202: z.object({
      accepted: z.literal(true),
      deliveryId,
      duplicate: z.boolean().check(z.describe('Whether the same delivery arrived before')),
    }),
  },
  problems: [deliveryNotAuthentic, deliveryTooLarge, tooManyDeliveries],
  idempotent: 'key',
});
