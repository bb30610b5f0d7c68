import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { conversationNotFound, invalidCursor } from '../problems.ts';
import { conversationId, timestamp, userId } from '../schemas/ids.ts';
import { message, sentTypes } from '../schemas/message.ts';
import { cursorParameter, limitParameter, page } from '../schemas/paging.ts';
import { searchOff } from './problems.ts';
import { wordCharacters } from './word-characters.ts';

const longestQuery = 200;
const mostWords = 10;

const words = new RegExp(`[${wordCharacters}]+`, 'gu');

const instant = (example: string, description: string) =>
  z.optional(z.iso.datetime().check(z.meta({ description, examples: [example] })));

/** What a search is narrowed to; dates alone would list everything. */
const narrowing = ['q', 'conversationId', 'senderId', 'type'] as const;

export const searchMessages = defineRoute({
  operationId: 'searchMessages',
  method: 'GET',
  path: '/api/v1/search/messages',
  access: 'guest',
  summary: 'Search messages of the own conversations',
  description:
    'The newest first, of all conversations that the caller takes part in and may see. Every word of `q` has to begin a word of the message, its caption or the name of one of its files: `emer` finds “Emergency”. Case and accents do not matter; in scripts that put no spaces between words, a word of `q` is found wherever it stands. Send at least one of `q`, `conversationId`, `senderId` and `type`. A message is found about a second after it was sent or changed. A request looks at so many messages and no more: a page may have few items, or none, and a `nextCursor` all the same. `searchedThrough` says how far back it came.',
  params: {},
  query: z
    .strictObject({
      q: z.optional(
        z.string().check(
          z.maxLength(longestQuery),
          z.regex(new RegExp(`[${wordCharacters}]`, 'u'), 'must have a letter, a digit or an emoji'),
          z.refine((text) => (text.match(words)?.length ?? 0) <= mostWords, `must have at most ${mostWords} words`),
          z.meta({ description: `Words, or beginnings of words: at most ${mostWords}`, examples: ['harbour emer'] }),
        ),
      ),
      conversationId: z.optional(conversationId),
      senderId: z.optional(userId),
      type: z.optional(z.enum(sentTypes).check(z.meta({ examples: ['text'] }))),
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
          z.describe('With `nextCursor`: everything that was sent after this instant has been looked at'),
        ),
      ),
    }),
  },
  problems: [searchOff, conversationNotFound, invalidCursor],
  idempotent: 'safe',
});
