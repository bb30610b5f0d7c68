import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { conversationId, ulidPattern } from '../schemas/ids.ts';
import { sinceToken } from '../schemas/since.ts';
import { text } from '../schemas/text.ts';
import { eventEnvelope } from '../events/server-events.ts';

/** Conversations that one request may name: their ids and numbers fit into an address. */
const conversationLimit = 100;

const position = `${ulidPattern.source.slice(1, -1)}:(?:0|[1-9][0-9]{0,11})`;
const positionsPattern = new RegExp(`^${position}(?:,${position}){0,${conversationLimit - 1}}$`);

/** `<conversationId>:<seq>,…` in the address; a map to the handler. */
const positionsParameter = z
  .pipe(
    text(
      z.regex(positionsPattern, `must be <conversationId>:<seq>, at most ${conversationLimit}, with commas between`),
    ),
    z.transform((positions) => Object.fromEntries(positions.split(',').map(toPosition))),
  )
  .check(
    z.meta({
      description: `The last number seen of each conversation, 0 for none: \`<conversationId>:<seq>\`, at most ${conversationLimit}, with commas between`,
      // Some engines accept no repetition of a thousand or more, nested repetitions included.
      sent: {
        type: 'string',
        maxLength: conversationLimit * '01KAJ72N4DF7H0J3M6P9R2T5VW:999999999999,'.length,
        pattern: `^${position}(?:,${position})*$`,
        examples: ['01KAJ72N4DF7H0J3M6P9R2T5VW:41'],
      },
    }),
  );

function toPosition(text: string): [string, number] {
  const [conversation = '', seq] = text.split(':');
  return [conversation, Number(seq)];
}

export const catchUp = defineRoute({
  operationId: 'catchUp',
  method: 'GET',
  path: '/api/v1/sync',
  access: 'guest',
  summary: 'Get everything missed, page by page',
  description:
    'The events that `hello` brings over a WebSocket, one page at a time: of each conversation those after the position, then how far its participants have come and what is unread (`receipt.updated`); with `since`, then the conversations that the user came to (`conversation.created`) or left (`conversation.removed`). Until `complete` is true, ask again with `positions` and `since` of the page. Whoever missed more than 1000 entries of a conversation, or names a position that its log does not have, gets `snapshot.required` with its newest page instead.',
  params: {},
  query: z.strictObject({ positions: z.optional(positionsParameter), since: z.optional(sinceToken) }),
  responses: {
    200: z.object({
      events: z.array(eventEnvelope),
      complete: z.boolean().check(z.meta({ description: 'True on the last page', examples: [true] })),
      positions: z
        .record(conversationId, z.int())
        .check(z.meta({ description: 'What is left to ask for; empty on the last page', examples: [{}] })),
      since: z
        .nullable(sinceToken)
        .check(z.describe('What to send as `since` next; null while a round that began without it is under way')),
    }),
  },
  problems: [],
  idempotent: 'safe',
});
