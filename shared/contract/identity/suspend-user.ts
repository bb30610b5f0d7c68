import { defineRoute } from '../kit/define-route.ts';
import { illegalTransition, userNotFound } from '../problems.ts';
import { userId } from '../schemas/ids.ts';
import { user } from '../schemas/user.ts';

/** active → suspended; repeated on an account that is suspended already, it answers with the account. */
export const suspendUser = defineRoute({
  operationId: 'suspendUser',
  method: 'POST',
  path: '/api/v1/admin/users/{userId}/suspend',
  access: 'admin',
  summary: 'Suspend an account',
  description: 'Ends all sessions of the account within 5 seconds.',
  params: { userId },
  responses: { 200: user },
  problems: [userNotFound, illegalTransition],
  idempotent: 'yes',
});
