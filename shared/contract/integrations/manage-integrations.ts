import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { inboundSecret, integration, integrationName, integrationSystem, ticketRules } from '../schemas/integration.ts';
import { integrationId } from '../schemas/ticket.ts';
import { integrationInvalid, integrationLimitReached, integrationNotFound, secretRotating } from './problems.ts';

const withSecret = z.object({ integration, inboundSecret });

const exampleOfSystem = {
  kind: 'service-now',
  url: 'https://example.service-now.com',
  auth: { type: 'basic', username: 'switchboard', password: 'a-secret' },
};

export const listIntegrations = defineRoute({
  operationId: 'listIntegrations',
  method: 'GET',
  path: '/api/v1/admin/integrations',
  access: 'integrations:manage',
  summary: 'List the integrations',
  params: {},
  responses: { 200: z.object({ items: z.array(integration), nextCursor: z.null() }) },
  problems: [],
  idempotent: 'safe',
});

export const createIntegration = defineRoute({
  operationId: 'createIntegration',
  method: 'POST',
  path: '/api/v1/admin/integrations',
  access: 'integrations:manage',
  summary: 'Connect a system with tickets',
  description:
    'Then test the connection with `testIntegration`. Events of the first 30 seconds may not reach the first integration of a tenant.',
  params: {},
  body: z
    .strictObject({ name: integrationName, system: integrationSystem, rules: z.optional(ticketRules) })
    .check(z.meta({ examples: [{ name: 'Service desk', system: exampleOfSystem, rules: { createOn: 'on-urgent' } }] })),
  responses: { 201: withSecret },
  problems: [integrationLimitReached, integrationInvalid],
  idempotent: 'no',
});

export const getIntegration = defineRoute({
  operationId: 'getIntegration',
  method: 'GET',
  path: '/api/v1/admin/integrations/{integrationId}',
  access: 'integrations:manage',
  summary: 'Get an integration',
  params: { integrationId },
  responses: { 200: integration },
  problems: [integrationNotFound],
  idempotent: 'safe',
});

export const updateIntegration = defineRoute({
  operationId: 'updateIntegration',
  method: 'PATCH',
  path: '/api/v1/admin/integrations/{integrationId}',
  access: 'integrations:manage',
  summary: 'Change an integration',
  description:
    'Replaces each member that the request has. A disabled integration keeps its tickets, and sends what it missed within 15 minutes once it is enabled. The kind of system cannot change.',
  params: { integrationId },
  body: z
    .strictObject({
      name: z.optional(integrationName),
      enabled: z.optional(z.boolean()),
      system: z.optional(integrationSystem),
      rules: z.optional(ticketRules),
    })
    .check(z.meta({ examples: [{ rules: { createOn: 'on-start' } }] })),
  responses: { 200: integration },
  problems: [integrationNotFound, integrationInvalid],
  idempotent: 'yes',
});

export const deleteIntegration = defineRoute({
  operationId: 'deleteIntegration',
  method: 'DELETE',
  path: '/api/v1/admin/integrations/{integrationId}',
  access: 'integrations:manage',
  summary: 'Delete an integration',
  description: 'Its tickets stay in the other system, and receive no more updates.',
  params: { integrationId },
  responses: { 204: null },
  problems: [integrationNotFound],
  idempotent: 'yes',
});

export const rotateInboundSecret = defineRoute({
  operationId: 'rotateInboundSecret',
  method: 'POST',
  path: '/api/v1/admin/integrations/{integrationId}/rotate-secret',
  access: 'integrations:manage',
  summary: 'Replace the inbound secret',
  description: 'The former secret stays valid for 24 hours by default.',
  params: { integrationId },
  body: z
    .strictObject({
      overlapHours: z
        ._default(z.int().check(z.minimum(0), z.maximum(72)), 24)
        .check(z.describe('How long the former secret stays valid; 0 if it has leaked')),
    })
    .check(z.meta({ examples: [{ overlapHours: 24 }] })),
  responses: { 200: withSecret },
  problems: [integrationNotFound, secretRotating],
  idempotent: 'no',
});
