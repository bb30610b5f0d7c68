import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { timestamp } from '../schemas/ids.ts';

export const createTicket = defineRoute({
  operationId: 'createTicket',
  method: 'POST',
  path: '/api/v1/auth/ticket',
  access: 'signed-in',
  summary: 'Create a WebSocket ticket',
  description:
    'Connect to `/ws?ticket=…` within 30 seconds. A ticket works once. It keeps the access token out of addresses, which end up in logs.',
  params: {},
  responses: {
    201: z.object({ ticket: z.string().check(z.meta({ examples: ['t1.Hs5bNv9qLk3xRw7e'] })), expiresAt: timestamp }),
  },
  problems: [],
  idempotent: 'no',
});
