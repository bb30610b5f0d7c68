import { defineRoute } from '../kit/define-route.ts';
import { illegalTransition, userNotFound } from '../problems.ts';
import { userId } from '../schemas/ids.ts';
import { user } from '../schemas/user.ts';

export const reactivateUser = defineRoute({
  operationId: 'reactivateUser',
  method: 'POST',
  path: '/api/v1/admin/users/{userId}/reactivate',
  access: 'accounts:manage',
  summary: 'Reactivate a suspended account',
  description:
    'Changes the status from `suspended` to `active`. An account that is already active is returned unchanged.',
  params: { userId },
  responses: { 200: user },
  problems: [userNotFound, illegalTransition],
  idempotent: 'yes',
});
