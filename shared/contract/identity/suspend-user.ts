import { defineRoute } from '../kit/define-route.ts';
import { illegalTransition, userNotFound } from '../problems.ts';
import { userId } from '../schemas/ids.ts';
import { user } from '../schemas/user.ts';

export const suspendUser = defineRoute({
  operationId: 'suspendUser',
  method: 'POST',
  path: '/api/v1/admin/users/{userId}/suspend',
  access: 'accounts:manage',
  summary: 'Suspend an active account',
  description:
    'Changes the status from `active` to `suspended` and ends all sessions of the account within 5 seconds. An account that is already suspended is returned unchanged.',
  params: { userId },
  responses: { 200: user },
  problems: [userNotFound, illegalTransition],
  idempotent: 'yes',
});
