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
        .record(
          conversationId,
          z
            .int()
            .check(z.minimum(0), z.meta({ description: 'Number of the last entry seen; 0 for none', examples: [41] })),
        )
        .check(
          z.refine((positions) => Object.keys(positions).length <= resumeLimit, `at most ${resumeLimit} conversations`),
          z.meta({
            description: `The last number seen of each conversation, at most ${resumeLimit} of them`,
            maxProperties: resumeLimit,
          }),
        ),
    ),
  }),
  answer: {
    type: 'welcome',
    data: z.object({
      serverTime: timestamp,
      connectionId: z.string().check(z.meta({ examples: ['Xk2mPcVqDoECIAw='] })),
      limits: z.object({
        textLength: z.int().check(z.meta({ description: 'Longest text, in Unicode code points', examples: [2000] })),
        messagesPerMinute: z
          .nullable(z.int())
          .check(
            z.meta({ description: 'Messages per rolling minute and conversation; null without limit', examples: [10] }),
          ),
        frameBytes: z.int().check(z.meta({ description: 'Longest frame, in bytes', examples: [32_768] })),
        pingEveryMs: z.int().check(z.meta({ description: 'Send `ping` this often', examples: [240_000] })),
        reconnectAfterMs: z
          .int()
          .check(z.meta({ description: 'Connect anew before this time has passed', examples: [6_600_000] })),
      }),
    }),
  },
  problems: [],
});
