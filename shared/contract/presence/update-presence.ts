import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { ownStatus, presence } from '../schemas/presence.ts';

export const updatePresence = defineRoute({
  operationId: 'updatePresence',
  method: 'PUT',
  path: '/api/v1/users/me/presence',
  access: 'guest',
  summary: 'Say that one is there, or away',
  description:
    'Of all connections that the user has open now; without one the user stays offline. A connection that opens later is online until it says otherwise.',
  params: {},
  body: z.strictObject({ status: ownStatus }),
  responses: { 200: presence },
  problems: [],
  idempotent: 'yes',
});
