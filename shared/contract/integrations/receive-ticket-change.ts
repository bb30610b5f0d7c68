import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { integrationId } from '../schemas/ticket.ts';
import { changeTooLarge, senderNotVerified, tooManyChanges } from './problems.ts';

/** Bytes. */
export const largestChange = 256 * 1024;

export const receiveTicketChange = defineRoute({
  operationId: 'receiveTicketChange',
  method: 'POST',
  path: '/api/v1/tickets/{integrationId}',
  access: 'public',
  summary: 'Receive a change of a ticket',
  description:
    'For webhooks of the other system, signed with the inbound secret: Jira’s `X-Hub-Signature`, the header `X-Switchboard-Token` of ServiceNow, or `X-Switchboard-Signature` of REST systems, which is `sha256=` and the hexadecimal HMAC-SHA-256 of the body. A repeated delivery changes nothing.',
  params: { integrationId },
  rawBody: {
    largestBytes: largestChange,
    description: 'A message of the other system about a ticket',
    example: { ticketId: '4711', commentId: '1', text: 'We replaced the card.', internal: false },
  },
  responses: {
    202: z.object({
      deliveryId: z
        .string()
        .check(z.meta({ description: 'Id of the delivery', examples: ['2c26b46b68ffc68ff99b453c1d304134'] })),
      duplicate: z.boolean().check(z.describe('Whether the same delivery has arrived before')),
    }),
  },
  problems: [senderNotVerified, changeTooLarge, tooManyChanges],
  idempotent: 'key',
});
