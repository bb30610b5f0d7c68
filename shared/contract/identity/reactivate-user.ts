import { defineRoute } from '../kit/define-route.ts';
import { illegalTransition, userNotFound } from '../problems.ts';
import { userId } from '../schemas/ids.ts';
import { user } from '../schemas/user.ts';

/** suspended → active; repeated on an account that is active already, it answers with the account. */
export const reactivateUser = defineRoute({
  operationId: 'reactivateUser',
  method: 'POST',
  path: '/api/v1/admin/users/{userId}/reactivate',
  access: 'admin',
  summary: 'Reactivate a suspended account',
  params: { userId },
  responses: { 200: user },
  problems: [userNotFound, illegalTransition],
  idempotent: 'yes',
});
