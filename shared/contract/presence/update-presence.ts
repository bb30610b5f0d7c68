import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { ownStatus, presence } from '../schemas/presence.ts';

export const updatePresence = defineRoute({
  operationId: 'updatePresence',
  method: 'PUT',
  path: '/api/v1/users/me/presence',
  access: 'presence:update',
  summary: 'Set your presence',
  description:
    'Sets the status of all your open connections. Without a connection, you stay offline. A connection that opens later is online until it sets another status.',
  params: {},
  body: z.strictObject({ status: ownStatus }),
  responses: { 200: presence },
  problems: [],
  idempotent: 'yes',
});
