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
  summary: 'Reset a password',
  description:
    'Sets a new password with the token from the reset mail. Ends all sessions of the account and marks its address as verified. The service mails the account’s owner a notice of the change.',
  params: {},
  body: z.strictObject({
    token: text(
      z.minLength(1),
      z.maxLength(200),
      z.meta({ description: 'Token in the mailed link', examples: ['r1.Zt8wKq2mXv6yBn4c'] }),
    ),
    newPassword,
  }),
  responses: { 204: null },
  problems: [invalidToken, weakPassword],
  idempotent: 'no',
});
