import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { invalidCursor } from '../problems.ts';
import { cursorParameter, limitParameter, page } from '../schemas/paging.ts';
import { user, userStatus } from '../schemas/user.ts';

export const listAccounts = defineRoute({
  operationId: 'listAccounts',
  method: 'GET',
  path: '/api/v1/admin/users',
  access: 'accounts:manage',
  summary: 'List accounts',
  description:
    'Returns the accounts of your tenant, the oldest first. Filter by `status=pending` to list the accounts that await approval.',
  params: {},
  query: z.strictObject({ status: z.optional(userStatus), limit: limitParameter(20), cursor: cursorParameter }),
  responses: { 200: page(user) },
  problems: [invalidCursor],
  idempotent: 'safe',
});
