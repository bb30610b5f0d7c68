import { defineRoute } from '../kit/define-route.ts';
import { illegalTransition, userNotFound } from '../problems.ts';
import { userId } from '../schemas/ids.ts';
import { user } from '../schemas/user.ts';

/** pending → active; repeated on an account that is active already, it answers with the account. */
export const approveUser = defineRoute({
  operationId: 'approveUser',
  method: 'POST',
  path: '/api/v1/admin/users/{userId}/approve',
  access: 'admin',
  summary: 'Approve an account that waits',
  params: { userId },
  responses: { 200: user },
  problems: [userNotFound, illegalTransition],
  idempotent: 'yes',
});
