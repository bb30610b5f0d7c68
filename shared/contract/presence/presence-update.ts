import * as z from 'zod/mini';
import { defineAction } from '../kit/define-action.ts';
import { ownStatus, presence } from '../schemas/presence.ts';

export const presenceUpdate = defineAction({
  action: 'presence.update',
  access: 'guest',
  summary: 'Say that the user is there, or away, on this connection',
  description:
    'A user is online while any connection is, and away while all are away. `hello` says the first status of a connection; the answer is the user’s presence over all connections.',
  data: z.strictObject({ status: ownStatus }),
  answer: { type: 'presence', data: presence },
  problems: [],
});
