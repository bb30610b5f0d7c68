import * as z from 'zod/mini';
import { defineAction } from '../kit/define-action.ts';
import { ownStatus, presence } from '../schemas/presence.ts';

export const presenceUpdate = defineAction({
  action: 'presence.update',
  access: 'presence:update',
  summary: 'Set your presence on this connection',
  description:
    'A user is online while any connection is online, and away while all connections are away. `hello` sets the first status of a connection. The answer has your presence over all connections.',
  data: z.strictObject({ status: ownStatus }),
  answer: { type: 'presence', data: presence },
  problems: [],
});
