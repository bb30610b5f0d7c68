import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { ulidPattern } from '../schemas/ids.ts';
import { presence } from '../schemas/presence.ts';
import { text } from '../schemas/text.ts';

const most = 100;
const id = ulidPattern.source.slice(1, -1);
const idsPattern = new RegExp(`^${id}(?:,${id}){0,${most - 1}}$`);

const idsParameter = z
  .pipe(
    text(z.regex(idsPattern, `must be user ids, at most ${most}, with commas between`)),
    z.transform((ids) => ids.split(',')),
  )
  .check(
    z.meta({
      description: `User ids, at most ${most}, with commas between`,
      // Some engines accept no repetition of a thousand or more, nested repetitions included.
      sent: {
        type: 'string',
        maxLength: most * '01KAJ70A5CE8G1H3J6K9M2P4QR,'.length,
        pattern: `^${id}(?:,${id})*$`,
        examples: ['01KAJ70A5CE8G1H3J6K9M2P4QR'],
      },
    }),
  );

export const getPresence = defineRoute({
  operationId: 'getPresence',
  method: 'GET',
  path: '/api/v1/users/presence',
  access: 'guest',
  summary: 'Ask who is there',
  description:
    'Of those among the named people with whom the caller shares a conversation, and of the caller. All others are left out, like those who do not exist.',
  params: {},
  query: z.strictObject({ ids: idsParameter }),
  responses: { 200: z.object({ users: z.array(presence) }) },
  problems: [],
  idempotent: 'safe',
});
