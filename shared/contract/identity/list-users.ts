import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { invalidCursor } from '../problems.ts';
import { addressToFind } from '../schemas/email.ts';
import { cursorParameter, limitParameter, page } from '../schemas/paging.ts';
import { userSummary } from '../schemas/user.ts';

export const listUsers = defineRoute({
  operationId: 'listUsers',
  method: 'GET',
  path: '/api/v1/users',
  access: 'users:list',
  summary: 'List users',
  description:
    'Returns the active users of your tenant, the oldest account first. `q` finds one user by exact user name or e-mail address. A user with an unverified address is found by user name only.',
  params: {},
  query: z.strictObject({
    q: z.optional(addressToFind.check(z.describe('Exact user name or e-mail address'))),
    limit: limitParameter(20),
    cursor: cursorParameter,
  }),
  responses: { 200: page(userSummary) },
  problems: [invalidCursor],
  idempotent: 'safe',
});
