import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { conversationNotFound, invalidCursor } from '../problems.ts';
import { notASupportConversation } from '../desk/problems.ts';
import { conversationId, timestamp } from '../schemas/ids.ts';
import { cursorParameter, limitParameter, page } from '../schemas/paging.ts';
import { text } from '../schemas/text.ts';
import { integrationId, ticket, ticketState } from '../schemas/ticket.ts';
import { integrationNotFound, systemUnavailable, ticketExists, ticketInUse, ticketNotFound } from './problems.ts';

export const openTicket = defineRoute({
  operationId: 'openTicket',
  method: 'POST',
  path: '/api/v1/conversations/{conversationId}/ticket',
  access: 'desk:work',
  summary: 'Create or link a ticket',
  description:
    'Without `externalId`, the service creates a ticket soon, and then the conversation has a system message with its number. With `externalId`, it links an existing ticket at once.',
  params: { conversationId },
  body: z
    .strictObject({
      integrationId,
      externalId: z.optional(
        text(
          z.regex(/^[A-Za-z0-9_-]{1,100}$/, 'must be the number or id of a ticket'),
          z.meta({ description: 'Number or id of an existing ticket', examples: ['SUP-71'] }),
        ),
      ),
    })
    .check(z.meta({ examples: [{ integrationId: '01KAJ7H8VQCR6T9X2Z5B8D1F3G' }] })),
  responses: { 202: ticket },
  problems: [
    conversationNotFound,
    notASupportConversation,
    integrationNotFound,
    ticketExists,
    ticketNotFound,
    ticketInUse,
    systemUnavailable,
  ],
  idempotent: 'yes',
});

const ticketLink = z
  .object({
    conversationId,
    ticket,
    sentSeq: z
      .int()
      .check(z.meta({ description: 'Entries of the conversation up to this number were sent', examples: [42] })),
    failures: z.int().check(z.describe('Failed attempts since the last success')),
    reason: z.optional(
      z.string().check(z.meta({ description: 'Why the last attempt failed', examples: ['not-found'] })),
    ),
    detail: z.optional(z.string().check(z.describe('Explanation of the other system'))),
    nextAttemptAt: z.optional(timestamp),
    unsentSince: z.optional(timestamp.check(z.describe('Time of the oldest event that the ticket does not have yet'))),
    createdAt: timestamp,
  })
  .register(z.globalRegistry, { id: 'TicketLink', description: 'A ticket with the state of its updates' });

export const listTickets = defineRoute({
  operationId: 'listTickets',
  method: 'GET',
  path: '/api/v1/admin/integrations/{integrationId}/tickets',
  access: 'integrations:manage',
  summary: 'List the tickets of an integration',
  description: 'Returns one state after another, and in each the tickets that wait longest first.',
  params: { integrationId },
  query: z.strictObject({
    state: z.optional(ticketState),
    limit: limitParameter(20),
    cursor: cursorParameter,
  }),
  responses: { 200: page(ticketLink) },
  problems: [integrationNotFound, invalidCursor],
  idempotent: 'safe',
});

export const replayTicket = defineRoute({
  operationId: 'replayTicket',
  method: 'POST',
  path: '/api/v1/admin/integrations/{integrationId}/tickets/{conversationId}/replay',
  access: 'integrations:manage',
  summary: 'Resume the updates of a ticket',
  description: 'For a failed or paused ticket, and for one that waits for its next attempt.',
  params: { integrationId, conversationId },
  responses: { 202: ticketLink },
  problems: [integrationNotFound, ticketNotFound],
  idempotent: 'yes',
});

export const replayTickets = defineRoute({
  operationId: 'replayTickets',
  method: 'POST',
  path: '/api/v1/admin/integrations/{integrationId}/replay',
  access: 'integrations:manage',
  summary: 'Resume the updates of all failed tickets',
  description: 'Resumes up to 100 failed tickets. Repeat the request while `more` is true.',
  params: { integrationId },
  responses: { 202: z.object({ resumed: z.int(), more: z.boolean() }) },
  problems: [integrationNotFound],
  idempotent: 'yes',
});
