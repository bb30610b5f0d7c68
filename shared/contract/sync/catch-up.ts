import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { conversationId, ulidPattern } from '../schemas/ids.ts';
import { listQueues, sinceToken } from '../schemas/since.ts';
import { text } from '../schemas/text.ts';
import { eventEnvelope } from '../events/server-events.ts';

/** Their ids and numbers must fit into a URL. */
const conversationLimit = 100;

const position = `${ulidPattern.source.slice(1, -1)}:(?:0|[1-9][0-9]{0,11})`;
const positionsPattern = new RegExp(`^${position}(?:,${position}){0,${conversationLimit - 1}}$`);

/** `<conversationId>:<seq>,…`; the handler receives a map. */
const positionsParameter = z
  .pipe(
    text(
      z.regex(
        positionsPattern,
        `must be at most ${conversationLimit} pairs <conversationId>:<seq>, separated by commas`,
      ),
    ),
    z.transform((positions) => Object.fromEntries(positions.split(',').map(toPosition))),
  )
  .check(
    z.meta({
      description: `Your position in each conversation: the number up to which you know every entry, or 0 for none. At most ${conversationLimit} pairs \`<conversationId>:<seq>\`, separated by commas.`,
      // Some regular expression engines reject 1000 or more repetitions, and multiply nested ones.
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
  access: 'sync:read',
  summary: 'Get missed events',
  description:
    'Returns the events that `hello` sends over the WebSocket, one page at a time. For each conversation, these are the events after your position, then the receipts of its participants and your unread count (`receipt.updated`). If you send `since`, the conversations follow that you joined (`conversation.created`) or left (`conversation.removed`) in the meantime. Agents also get `conversation.created` with the current conversation for each support conversation that changed and that they can open. Until `complete` is true, repeat the request with the `positions` and `since` of the page. If you missed more than 1000 entries of a conversation, or your position does not exist in it, you get `snapshot.required` with its newest messages instead. Conversations that you do not take part in are left out.',
  params: {},
  query: z.strictObject({ positions: z.optional(positionsParameter), since: z.optional(sinceToken) }),
  responses: {
    200: z.object({
      events: z.array(eventEnvelope),
      complete: z.boolean().check(z.meta({ description: 'True on the last page', examples: [true] })),
      positions: z
        .record(conversationId, z.int())
        .check(
          z.meta({ description: 'Positions to send with the next request; empty on the last page', examples: [{}] }),
        ),
      since: z
        .nullable(sinceToken)
        .check(
          z.describe('`since` to send with the next request. Null before the last page if the first request had none.'),
        ),
      listQueues,
    }),
  },
  problems: [],
  idempotent: 'safe',
});
