import * as z from 'zod/mini';
import { defineAction } from '../kit/define-action.ts';
import { rateLimited } from '../conversations/problems.ts';
import { conversationId, timestamp, userId } from '../schemas/ids.ts';
import { ownStatus } from '../schemas/presence.ts';
import { sinceToken } from '../schemas/since.ts';

/** Conversations that one `hello` may name. */
export const resumeLimit = 200;

export const hello = defineAction({
  action: 'hello',
  access: 'guest',
  summary: 'Introduce the connection and ask for everything missed',
  description:
    'After `welcome` come `sync.page` frames until `complete` is true: of each conversation the events after the position, then how far its participants have come and what is unread (`receipt.updated`); with `since`, then the conversations that the user came to (`conversation.created`) or left (`conversation.removed`). Whoever missed more than 1000 entries of a conversation, or names a position that its log does not have, gets `snapshot.required` with its newest page instead. A conversation that is not the caller’s is left out, like one that does not exist.',
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
    since: z.optional(sinceToken),
    status: z.optional(ownStatus.check(z.describe('Whether the user is there on this connection; online if absent'))),
  }),
  answer: {
    type: 'welcome',
    data: z.object({
      serverTime: timestamp,
      connectionId: z.string().check(z.meta({ examples: ['Xk2mPcVqDoECIAw='] })),
      userId: userId.check(z.describe('Who the connection is')),
      since: sinceToken.check(
        z.meta({
          description:
            'For the `since` of a later `hello`, if this one had none and the conversations are listed after it; else the last page has the next',
        }),
      ),
      limits: z.object({
        textLength: z.int().check(z.meta({ description: 'Longest text, in Unicode code points', examples: [2000] })),
        messagesPerMinute: z
          .nullable(z.int())
          .check(
            z.meta({ description: 'Messages per rolling minute and conversation; null without limit', examples: [10] }),
          ),
        editWindowMinutes: z.nullable(z.int()).check(
          z.meta({
            description: 'Minutes in which this user may edit and delete a message; null is always, 0 never',
            examples: [15],
          }),
        ),
        groupSize: z.int().check(z.meta({ description: 'People in one group at most', examples: [500] })),
        frameBytes: z.int().check(
          z.meta({
            description:
              'Longest frame, in bytes of UTF-8. A longer one ends the connection with 1009: use HTTP for requests that do not fit',
            examples: [32_768],
          }),
        ),
        pingEveryMs: z.int().check(z.meta({ description: 'Send `ping` this often', examples: [240_000] })),
        reconnectAfterMs: z
          .int()
          .check(z.meta({ description: 'Connect anew before this time has passed', examples: [6_600_000] })),
      }),
    }),
  },
  problems: [rateLimited],
});
