import * as z from 'zod/mini';
import { defineAction } from '../kit/define-action.ts';
import { rateLimited } from '../conversations/problems.ts';
import { conversationId, timestamp, userId } from '../schemas/ids.ts';
import { ownStatus } from '../schemas/presence.ts';
import { sinceToken } from '../schemas/since.ts';

export const resumeLimit = 200;

export const hello = defineAction({
  action: 'hello',
  access: 'sync:read',
  summary: 'Start the connection and get missed events',
  description:
    'Send it after every connect. The server answers `welcome`, then sends `sync.page` frames until `complete` is true. For each conversation in `resume`, they have the events after your position, then the receipts of its participants and your unread count (`receipt.updated`). If you send `since`, the conversations follow that you joined (`conversation.created`) or left (`conversation.removed`) in the meantime. Agents also get `conversation.created` with the current conversation for each support conversation that changed and that they can open. If you missed more than 1000 entries of a conversation, or your position does not exist in it, you get `snapshot.required` with its newest messages instead. Conversations that you do not take part in are left out.',
  data: z.strictObject({
    resume: z.optional(
      z
        .record(
          conversationId,
          z
            .int()
            .check(
              z.minimum(0),
              z.meta({ description: 'Number up to which you know every entry, or 0 for none', examples: [41] }),
            ),
        )
        .check(
          z.refine(
            (positions) => Object.keys(positions).length <= resumeLimit,
            `must have at most ${resumeLimit} conversations`,
          ),
          z.meta({
            description: `Your position in each conversation, for at most ${resumeLimit} conversations`,
            maxProperties: resumeLimit,
          }),
        ),
    ),
    since: z.optional(sinceToken),
    status: z.optional(ownStatus.check(z.describe('Your presence on this connection. Defaults to `online`.'))),
  }),
  answer: {
    type: 'welcome',
    data: z.object({
      serverTime: timestamp,
      connectionId: z.string().check(z.meta({ examples: ['Xk2mPcVqDoECIAw='] })),
      userId: userId.check(z.describe('User of the connection')),
      since: sinceToken.check(
        z.meta({
          description:
            'Send it as `since` of the next `hello` if this one had none and you list your conversations after it. Otherwise, send the token of the last `sync.page`.',
        }),
      ),
      limits: z.object({
        textLength: z
          .int()
          .check(z.meta({ description: 'Maximum length of a text, in Unicode code points', examples: [2000] })),
        messagesPerMinute: z.nullable(z.int()).check(
          z.meta({
            description: 'Messages that you may send per rolling minute in each conversation; null without a limit',
            examples: [10],
          }),
        ),
        editWindowMinutes: z.nullable(z.int()).check(
          z.meta({
            description: 'Minutes within which you may edit and delete a message; null without a limit, 0 for never',
            examples: [15],
          }),
        ),
        groupSize: z.int().check(z.meta({ description: 'Maximum number of participants of a group', examples: [500] })),
        frameBytes: z.int().check(
          z.meta({
            description:
              'Maximum size of a frame, in bytes of UTF-8. A larger frame closes the connection with the code 1009. Use HTTP for requests that do not fit.',
            examples: [32_768],
          }),
        ),
        pingEveryMs: z
          .int()
          .check(z.meta({ description: 'Send `ping` at this interval, in milliseconds', examples: [240_000] })),
        reconnectAfterMs: z
          .int()
          .check(z.meta({ description: 'Connect again within this time, in milliseconds', examples: [6_600_000] })),
      }),
    }),
  },
  problems: [rateLimited],
});
