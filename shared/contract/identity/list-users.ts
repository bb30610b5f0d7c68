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
  access: 'member',
  summary: 'List the active users of the own tenant',
  description: 'Oldest first. `q` finds one user by the exact user name or e-mail address.',
  params: {},
  query: z.strictObject({
    q: z.optional(addressToFind.check(z.describe('An exact user name or e-mail address'))),
    limit: limitParameter(20),
    cursor: cursorParameter,
  }),
  responses: { 200: page(userSummary) },
  problems: [invalidCursor],
  idempotent: 'safe',
});
