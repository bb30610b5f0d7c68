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
  access: 'guest',
  summary: 'List messages of a conversation',
  description:
    'Ascending by `seq`. Without a position the newest page; `after` the page that follows a number, `before` the one that precedes it, `around` one with it in the middle. `from` is another word for `after`.',
  params: { conversationId },
  query: z
    .strictObject({
      after: z.optional(positionParameter.check(z.describe('The page that follows this number'))),
      from: z.optional(positionParameter.check(z.describe('Another word for `after`'))),
      before: z.optional(seqParameter.check(z.describe('The page that precedes this number'))),
      around: z.optional(seqParameter.check(z.describe('The page with this number in the middle'))),
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
          description: 'A number for `after` (or, when paging back, for `before`); null at the end',
          examples: [null],
        }),
      ),
      covers,
    }),
  },
  problems: [conversationNotFound],
  idempotent: 'safe',
});
