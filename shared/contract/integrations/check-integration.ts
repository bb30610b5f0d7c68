import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { timestamp } from '../schemas/ids.ts';
import { text } from '../schemas/text.ts';
import { integrationId } from '../schemas/ticket.ts';
import { integrationNotFound, tooManyConnectionTests } from './problems.ts';

const finding = z
  .object({
    check: z.string().check(z.meta({ examples: ['credentials'] })),
    ok: z.boolean(),
    detail: z.string().check(
      z.meta({
        description: 'The finding, or the necessary change',
        examples: ['The site accepts the credentials.'],
      }),
    ),
  })
  .register(z.globalRegistry, { id: 'IntegrationFinding', description: 'A result of a test of the connection' });

export const testIntegration = defineRoute({
  operationId: 'testIntegration',
  method: 'POST',
  path: '/api/v1/admin/integrations/{integrationId}/test',
  access: 'integrations:manage',
  summary: 'Test the connection',
  description:
    'Reads from the other system with the stored credentials. With `externalId`, it also writes an internal comment to this ticket and verifies that the comment is internal.',
  params: { integrationId },
  body: z
    .strictObject({
      externalId: z.optional(
        text(
          z.regex(/^[A-Za-z0-9_-]{1,100}$/, 'must be the number or id of a ticket'),
          z.meta({ description: 'A ticket for tests', examples: ['SUP-1'] }),
        ),
      ),
    })
    .check(z.meta({ examples: [{}] })),
  responses: { 200: z.object({ ok: z.boolean(), findings: z.array(finding) }) },
  problems: [integrationNotFound, tooManyConnectionTests],
  idempotent: 'no',
});

export const getIntegrationHealth = defineRoute({
  operationId: 'getIntegrationHealth',
  method: 'GET',
  path: '/api/v1/admin/integrations/{integrationId}/health',
  access: 'integrations:manage',
  summary: 'Get the health of an integration',
  params: { integrationId },
  responses: {
    200: z.object({
      lastSuccessAt: z.optional(timestamp),
      lastErrorAt: z.optional(timestamp),
      lastError: z.optional(z.string().check(z.meta({ examples: ['unauthorized'] }))),
      pausedUntil: z.optional(timestamp.check(z.describe('The service calls the other system again then'))),
      oldestUnsentAt: z.optional(timestamp.check(z.describe('Time of the oldest event that no ticket has yet'))),
      queueAgeSeconds: z.int().check(z.describe('Age of that event; 0 if nothing waits')),
    }),
  },
  problems: [integrationNotFound],
  idempotent: 'safe',
});
