import { defineRoute } from '../kit/define-route.ts';
import { illegalTransition, userNotFound } from '../problems.ts';
import { userId } from '../schemas/ids.ts';
import { user } from '../schemas/user.ts';

export const rejectUser = defineRoute({
  operationId: 'rejectUser',
  method: 'POST',
  path: '/api/v1/admin/users/{userId}/reject',
  access: 'accounts:manage',
  summary: 'Reject a pending account',
  description:
    'Changes the status from `pending` to `rejected`. The e-mail address and the user name become available to other accounts. An account that is already rejected is returned unchanged.',
  params: { userId },
  responses: { 200: user },
  problems: [userNotFound, illegalTransition],
  idempotent: 'yes',
});
