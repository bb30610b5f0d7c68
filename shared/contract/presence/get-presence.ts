import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { ulidPattern } from '../schemas/ids.ts';
import { presence } from '../schemas/presence.ts';
import { text } from '../schemas/text.ts';

const mostIds = 100;
const id = ulidPattern.source.slice(1, -1);
const idsPattern = new RegExp(`^${id}(?:,${id}){0,${mostIds - 1}}$`);

const idsParameter = z
  .pipe(
    text(z.regex(idsPattern, `must be at most ${mostIds} user ids, separated by commas`)),
    z.transform((ids) => ids.split(',')),
  )
  .check(
    z.meta({
      description: `User ids, separated by commas, at most ${mostIds}`,
      // Some regular expression engines reject 1000 or more repetitions, and multiply nested ones.
      sent: {
        type: 'string',
        maxLength: mostIds * '01KAJ70A5CE8G1H3J6K9M2P4QR,'.length,
        pattern: `^${id}(?:,${id})*$`,
        examples: ['01KAJ70A5CE8G1H3J6K9M2P4QR'],
      },
    }),
  );

export const getPresence = defineRoute({
  operationId: 'getPresence',
  method: 'GET',
  path: '/api/v1/users/presence',
  access: 'presence:read',
  summary: 'Get the presence of users',
  description:
    'Returns the presence of each requested user who shares a conversation with you, and of yourself if requested. All other ids are left out, like those of users who do not exist.',
  params: {},
  query: z.strictObject({ ids: idsParameter }),
  responses: { 200: z.object({ users: z.array(presence) }) },
  problems: [],
  idempotent: 'safe',
});
