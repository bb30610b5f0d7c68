import * as z from 'zod/mini';
import { defineAction } from '../kit/define-action.ts';
import { timestamp } from '../schemas/ids.ts';

export const ping = defineAction({
  action: 'ping',
  access: 'signed-in',
  summary: 'Keep the connection open',
  description: 'API Gateway closes a connection after 10 minutes without a frame. The answer has the server’s time.',
  data: z.strictObject({}),
  answer: { type: 'pong', data: z.object({ serverTime: timestamp }) },
  problems: [],
});
