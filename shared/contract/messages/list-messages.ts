import * as z from 'zod/mini';
import { conversationNotFound } from '../problems.ts';
import { defineRoute } from '../kit/define-route.ts';
import { conversationId, positionParameter, seqParameter } from '../schemas/ids.ts';
import { covers, message } from '../schemas/message.ts';
import { limitParameter } from '../schemas/paging.ts';

export const listMessages = defineRoute({
  operationId: 'listMessages',
  method: 'GET',
  path: '/api/v1/conversations/{conversationId}/messages',
  access: 'messages:read',
  summary: 'List messages',
  description:
    'Returns messages of a conversation, ascending by `seq`. Without a position, it returns the newest page. `after` returns the page that follows a number, `before` the page that precedes it, and `around` the page with the number in the middle. Send at most one of them. `from` is another name of `after`.',
  params: { conversationId },
  query: z
    .strictObject({
      after: z.optional(positionParameter.check(z.describe('Get the page that follows this number'))),
      from: z.optional(positionParameter.check(z.describe('Another name of `after`'))),
      before: z.optional(seqParameter.check(z.describe('Get the page that precedes this number'))),
      around: z.optional(seqParameter.check(z.describe('Get the page with this number in the middle'))),
      limit: limitParameter(50),
    })
    .check(
      z.refine(
        (query) => [query.after, query.from, query.before, query.around].filter((at) => at !== undefined).length <= 1,
        { path: ['after'], error: 'send only one of after, from, before and around' },
      ),
    ),
  responses: {
    200: z.object({
      items: z.array(message),
      nextCursor: z.nullable(z.string()).check(
        z.meta({
          description: 'Number to send as `after`, or as `before` when you page backwards; null on the last page',
          examples: [null],
        }),
      ),
      covers,
    }),
  },
  problems: [conversationNotFound],
  idempotent: 'safe',
});
