import * as z from 'zod/mini';
import { defineAction } from '../kit/define-action.ts';
import { conversationId, timestamp } from '../schemas/ids.ts';

/** Conversations that one `hello` may name. */
export const resumeLimit = 200;

export const hello = defineAction({
  action: 'hello',
  access: 'guest',
  summary: 'Introduce the connection and ask for everything missed',
  description:
    'After `welcome` come `sync.page` frames with the entries after each position, until `complete` is true. A conversation that is not the caller’s is left out, like one that does not exist.',
  data: z.strictObject({
    resume: z.optional(
      z
        .record(conversationId, z.int().check(z.minimum(0)))
        .check(
          z.refine((positions) => Object.keys(positions).length <= resumeLimit, `at most ${resumeLimit} conversations`),
        ),
    ),
  }),
  answer: {
    type: 'welcome',
    data: z.object({
      serverTime: timestamp,
      connectionId: z.string(),
      limits: z.object({
        textLength: z.int().check(z.describe('Code points')),
        messagesPerMinute: z.nullable(z.int()),
        frameBytes: z.int(),
        pingEveryMs: z.int(),
        reconnectAfterMs: z.int().check(z.describe('Connect anew before this time has passed')),
      }),
    }),
  },
  problems: [],
});
