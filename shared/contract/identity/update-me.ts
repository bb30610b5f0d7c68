import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { usernameTaken } from '../problems.ts';
import { personName, user, username } from '../schemas/user.ts';

export const updateMe = defineRoute({
  operationId: 'updateMe',
  method: 'PATCH',
  path: '/api/v1/users/me',
  access: 'profile:update',
  summary: 'Update your profile',
  description: 'Fields that you omit keep their values.',
  params: {},
  body: z.strictObject({
    firstName: z.optional(personName),
    lastName: z.optional(personName),
    username: z.optional(username),
  }),
  responses: { 200: user },
  problems: [usernameTaken],
  idempotent: 'yes',
});
