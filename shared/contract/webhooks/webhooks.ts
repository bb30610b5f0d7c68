import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { timestamp } from '../schemas/ids.ts';
import { rotationOpen, tooManyTests, webhookLimitReached, webhookNotFound, webhookUrlRefused } from './problems.ts';
import {
  conversationKinds,
  webhook,
  webhookDescription,
  webhookId,
  webhookSecret,
  webhookTypes,
  webhookUrl,
} from './schemas.ts';

const path = '/api/v1/admin/webhooks';
const access = 'integrations:manage';

export const listWebhooks = defineRoute({
  operationId: 'listWebhooks',
  method: 'GET',
  path,
  access,
  summary: 'List the webhooks',
  params: {},
  responses: { 200: z.object({ items: z.array(webhook), nextCursor: z.null() }) },
  problems: [],
  idempotent: 'safe',
});

export const createWebhook = defineRoute({
  operationId: 'createWebhook',
  method: 'POST',
  path,
  access,
  summary: 'Create a webhook',
  description:
    'The answer contains the secret, which is not shown again. Events of the first 30 seconds after a tenant’s first webhook may be missing. A tenant has at most 20 webhooks.',
  params: {},
  body: z
    .strictObject({
      url: webhookUrl,
      types: webhookTypes,
      conversationKinds: z._default(conversationKinds, ['direct', 'group', 'support']),
      description: z.optional(webhookDescription),
      enabled: z._default(z.boolean(), true),
    })
    .check(z.meta({ examples: [{ url: 'https://hooks.example.org/switchboard', types: ['message.created'] }] })),
  responses: { 201: z.extend(webhook, { secret: webhookSecret }) },
  problems: [webhookUrlRefused, webhookLimitReached],
  idempotent: 'no',
});

export const getWebhook = defineRoute({
  operationId: 'getWebhook',
  method: 'GET',
  path: `${path}/{webhookId}`,
  access,
  summary: 'Get a webhook',
  params: { webhookId },
  responses: { 200: webhook },
  problems: [webhookNotFound],
  idempotent: 'safe',
});

export const updateWebhook = defineRoute({
  operationId: 'updateWebhook',
  method: 'PATCH',
  path: `${path}/{webhookId}`,
  access,
  summary: 'Change a webhook',
  description:
    'Absent members stay as they are. Disabling a webhook fails its pending deliveries. Enabling it ends `disabledReason` and every pause.',
  params: { webhookId },
  body: z
    .strictObject({
      url: z.optional(webhookUrl),
      types: z.optional(webhookTypes),
      conversationKinds: z.optional(conversationKinds),
      description: z.optional(z.nullable(webhookDescription).check(z.describe('null removes it'))),
      enabled: z.optional(z.boolean()),
    })
    .check(z.meta({ examples: [{ enabled: false }] })),
  responses: { 200: webhook },
  problems: [webhookNotFound, webhookUrlRefused],
  idempotent: 'yes',
});

export const deleteWebhook = defineRoute({
  operationId: 'deleteWebhook',
  method: 'DELETE',
  path: `${path}/{webhookId}`,
  access,
  summary: 'Delete a webhook',
  description: 'Its pending deliveries are not sent any more.',
  params: { webhookId },
  responses: { 204: null },
  problems: [webhookNotFound],
  idempotent: 'yes',
});

export const rotateWebhookSecret = defineRoute({
  operationId: 'rotateWebhookSecret',
  method: 'POST',
  path: `${path}/{webhookId}/rotate-secret`,
  access,
  summary: 'Replace the secret of a webhook',
  description:
    'The answer contains the new secret, which is not shown again. Until the previous one expires, deliveries are signed with both. With `overlapHours: 0`, all earlier secrets end at once.',
  params: { webhookId },
  body: z
    .strictObject({
      overlapHours: z._default(
        z
          .int()
          .check(
            z.minimum(0),
            z.maximum(72),
            z.meta({ description: 'How long the previous secret stays valid', examples: [24] }),
          ),
        24,
      ),
    })
    .check(z.meta({ examples: [{ overlapHours: 24 }] })),
  responses: { 200: z.object({ secret: webhookSecret, previousSecretExpiresAt: z.nullable(timestamp) }) },
  problems: [webhookNotFound, rotationOpen],
  idempotent: 'no',
});

export const testWebhook = defineRoute({
  operationId: 'testWebhook',
  method: 'POST',
  path: `${path}/{webhookId}/test`,
  access,
  summary: 'Send a test event',
  description:
    'Sends an event of the type `webhook.test` at once and returns the result. It is no delivery, and never disables the webhook.',
  params: { webhookId },
  responses: {
    200: z.object({
      delivered: z.boolean(),
      httpStatus: z.optional(z.int().check(z.meta({ examples: [204] }))),
      error: z.optional(z.string().check(z.meta({ examples: ['timeout'] }))),
      answer: z.optional(z.string().check(z.meta({ examples: ['OK'] }))),
      durationMs: z.int().check(z.meta({ examples: [120] })),
    }),
  },
  problems: [webhookNotFound, tooManyTests],
  idempotent: 'no',
});
