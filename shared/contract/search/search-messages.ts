import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { conversationNotFound, invalidCursor } from '../problems.ts';
import { conversationId, timestamp, userId } from '../schemas/ids.ts';
import { instantParameter } from '../schemas/instant.ts';
import { message, sentTypes } from '../schemas/message.ts';
import { cursorParameter, limitParameter, page } from '../schemas/paging.ts';
import { text } from '../schemas/text.ts';
import { searchOff } from './problems.ts';
import { countWords, hasWord, queryTerms } from './query-terms.ts';

const longestQuery = 200;
const mostWords = 10;

/** Exclusions alone would match nearly everything. */
function asksForSomething(query: string): boolean {
  const { beginnings, phrases } = queryTerms(query);
  return hasWord(beginnings) || phrases.length > 0;
}

const instant = (example: string, description: string) =>
  z.optional(
    instantParameter.check(z.meta({ description: `${description}. RFC 3339 with any offset.`, examples: [example] })),
  );

/** Dates alone would list everything. */
const narrowing = ['q', 'conversationId', 'senderId', 'type'] as const;

export const searchMessages = defineRoute({
  operationId: 'searchMessages',
  method: 'GET',
  path: '/api/v1/search/messages',
  access: 'messages:search',
  summary: 'Search messages',
  description:
    'Returns messages that you may see, of all conversations that you take part in, newest first. Send at least one of `q`, `conversationId`, `senderId` and `type`. Every word of `q` must be the beginning of a word in the text, the caption or a file name of the message: `emer` finds “Emergency”. Quotation marks match consecutive whole words: `"fresh water"`. A minus sign excludes messages with a whole word or a quoted phrase: `water -salt`. Case, accents and invisible characters are ignored. In scripts without spaces between words, a word of `q` matches anywhere in the text. Searches find a message about a second after it was sent or changed. A request reads a limited number of messages, so a page may have few or no items and still a `nextCursor`. `searchedThrough` states how far back the search went.',
  params: {},
  query: z
    .strictObject({
      q: z.optional(
        text(
          z.maxLength(longestQuery),
          z.refine(asksForSomething, 'must have a letter, a digit or an emoji that is not excluded'),
          z.refine((query) => countWords(query) <= mostWords, `must have at most ${mostWords} words`),
          z.meta({
            description: `At most ${mostWords} words or beginnings of words. The description of the operation explains quotation marks and minus signs.`,
            examples: ['harbour emer'],
          }),
        ),
      ),
      conversationId: z.optional(conversationId.check(z.describe('Only messages of this conversation'))),
      senderId: z.optional(userId.check(z.describe('Only messages from this user'))),
      type: z.optional(
        z.enum(sentTypes).check(z.meta({ description: 'Only messages of this type', examples: ['text'] })),
      ),
      after: instant('2026-11-01T00:00:00.000Z', 'Only messages that were sent at this instant or later'),
      before: instant('2026-12-01T00:00:00.000Z', 'Only messages that were sent before this instant'),
      limit: limitParameter(20),
      cursor: cursorParameter,
    })
    .check(
      z.refine((query) => narrowing.some((name) => query[name] !== undefined), {
        path: ['q'],
        error: `send at least one of ${narrowing.join(', ')}`,
      }),
    ),
  responses: {
    200: z.extend(page(message), {
      searchedThrough: z.optional(
        timestamp.check(
          z.describe('Present with `nextCursor`: the search has covered all messages sent after this instant'),
        ),
      ),
    }),
  },
  problems: [searchOff, conversationNotFound, invalidCursor],
  idempotent: 'safe',
});
