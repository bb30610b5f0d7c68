import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { invalidToken, weakPassword } from '../problems.ts';
import { text } from '../schemas/text.ts';
import { newPassword } from '../schemas/user.ts';

export const resetPassword = defineRoute({
  operationId: 'resetPassword',
  method: 'POST',
  path: '/api/v1/auth/reset-password',
  access: 'public',
  summary: 'Set a new password with the token from the mail',
  description:
    'Ends all sessions of the account. Its address counts as verified from then on. The account’s owner gets a mail.',
  params: {},
  body: z.strictObject({
    token: text(
      z.minLength(1),
      z.maxLength(200),
      z.meta({ description: 'From the link in the mail', examples: ['r1.Zt8wKq2mXv6yBn4c'] }),
    ),
    newPassword,
  }),
  responses: { 204: null },
  problems: [invalidToken, weakPassword],
  idempotent: 'no',
});
