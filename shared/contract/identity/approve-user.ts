import { defineRoute } from '../kit/define-route.ts';
import { illegalTransition, userNotFound } from '../problems.ts';
import { userId } from '../schemas/ids.ts';
import { user } from '../schemas/user.ts';

export const approveUser = defineRoute({
  operationId: 'approveUser',
  method: 'POST',
  path: '/api/v1/admin/users/{userId}/approve',
  access: 'accounts:manage',
  summary: 'Approve a pending account',
  description:
    'Changes the status from `pending` to `active`. An account that is already active is returned unchanged.',
  params: { userId },
  responses: { 200: user },
  problems: [userNotFound, illegalTransition],
  idempotent: 'yes',
});
