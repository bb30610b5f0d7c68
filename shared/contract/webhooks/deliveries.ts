import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { invalidCursor } from '../problems.ts';
import { cursorParameter, limitParameter, page } from '../schemas/paging.ts';
import { text } from '../schemas/text.ts';
import { deliveryNotFound, deliveryPending, replayRunning, webhookDisabled, webhookNotFound } from './problems.ts';
import {
  deliveryId,
  deliveryStatus,
  webhookDelivery,
  webhookDeliveryDetails,
  webhookId,
  webhookReplay,
} from './schemas.ts';

const path = '/api/v1/admin/webhooks/{webhookId}';
const access = 'integrations:manage';

export const listWebhookDeliveries = defineRoute({
  operationId: 'listWebhookDeliveries',
  method: 'GET',
  path: `${path}/deliveries`,
  access,
  summary: 'List the deliveries of a webhook',
  description:
    'Returns the deliveries of the last 30 days, those of the newest events first. With a filter, a page can be short or empty although `nextCursor` leads to more.',
  params: { webhookId },
  query: z.strictObject({
    status: z.optional(deliveryStatus.check(z.describe('Only deliveries with this status'))),
    limit: limitParameter(20),
    cursor: cursorParameter,
  }),
  responses: { 200: page(webhookDelivery) },
  problems: [webhookNotFound, invalidCursor],
  idempotent: 'safe',
});

export const getWebhookDelivery = defineRoute({
  operationId: 'getWebhookDelivery',
  method: 'GET',
  path: `${path}/deliveries/{deliveryId}`,
  access,
  summary: 'Get a delivery of a webhook',
  params: { webhookId, deliveryId },
  responses: { 200: webhookDeliveryDetails },
  problems: [webhookNotFound, deliveryNotFound],
  idempotent: 'safe',
});

export const replayWebhookDelivery = defineRoute({
  operationId: 'replayWebhookDelivery',
  method: 'POST',
  path: `${path}/deliveries/{deliveryId}/replay`,
  access,
  summary: 'Send a delivery again',
  description: 'Sends the same body with the same `webhook-id`, also if it was delivered. Its attempts begin again.',
  params: { webhookId, deliveryId },
  responses: { 202: webhookDelivery },
  problems: [webhookNotFound, deliveryNotFound, deliveryPending, webhookDisabled],
  idempotent: 'no',
});

/** Exact to the millisecond. */
const time = text(
  z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/, 'must be a time in UTC, such as 2026-11-21T08:30:00.000Z'),
  z.refine((value) => !Number.isNaN(Date.parse(value)), 'must be a date that exists'),
  z.meta({ format: 'date-time', examples: ['2026-11-21T08:30:00.000Z'] }),
);

export const replayWebhookDeliveries = defineRoute({
  operationId: 'replayWebhookDeliveries',
  method: 'POST',
  path: `${path}/replays`,
  access,
  summary: 'Send the deliveries of a time span again',
  description:
    'Counts the time of the events. The service works through the time span afterwards; `getWebhook` shows the progress. Each delivery is sent once, in the order of its conversation.',
  params: { webhookId },
  body: z
    .strictObject({
      since: time,
      until: z.optional(time.check(z.describe('Now, if absent'))),
      failedOnly: z._default(z.boolean().check(z.describe('If false, delivered ones are sent again, too')), true),
    })
    .check(z.meta({ examples: [{ since: '2026-11-21T08:30:00.000Z' }] })),
  responses: { 202: webhookReplay },
  problems: [webhookNotFound, webhookDisabled, replayRunning],
  idempotent: 'no',
});
