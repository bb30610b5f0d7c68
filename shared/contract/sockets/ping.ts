import * as z from 'zod/mini';
import { defineAction } from '../kit/define-action.ts';
import { timestamp } from '../schemas/ids.ts';

export const ping = defineAction({
  action: 'ping',
  access: 'guest',
  summary: 'Keep the connection open and learn the server’s time',
  description: 'The platform closes a connection after 10 minutes without a frame.',
  data: z.strictObject({}),
  answer: { type: 'pong', data: z.object({ serverTime: timestamp }) },
  problems: [],
});
