import { defineRoute } from '../kit/define-route.ts';
import { illegalTransition, userNotFound } from '../problems.ts';
import { userId } from '../schemas/ids.ts';
import { user } from '../schemas/user.ts';

/** pending → rejected; repeated on an account that is rejected already, it answers with the account. */
export const rejectUser = defineRoute({
  operationId: 'rejectUser',
  method: 'POST',
  path: '/api/v1/admin/users/{userId}/reject',
  access: 'admin',
  summary: 'Reject an account that waits',
  description: 'The account stays known as rejected; its address and user name become free.',
  params: { userId },
  responses: { 200: user },
  problems: [userNotFound, illegalTransition],
  idempotent: 'yes',
});
