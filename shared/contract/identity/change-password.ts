import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { invalidCredentials, tooManyAttempts, weakPassword } from '../problems.ts';
import { text } from '../schemas/text.ts';
import { tokens } from '../schemas/tokens.ts';
import { newPassword } from '../schemas/user.ts';

export const changePassword = defineRoute({
  operationId: 'changePassword',
  method: 'POST',
  path: '/api/v1/auth/change-password',
  access: 'passwords:change',
  summary: 'Change your password',
  description:
    'Ends all sessions of your account within 5 seconds and returns the tokens of a new session. If you lose the response, log in with the new password. The service mails you a notice of the change.',
  params: {},
  body: z.strictObject({
    currentPassword: text(z.minLength(1), z.maxLength(200), z.meta({ examples: ['Meadow-bridge-41'] })),
    newPassword,
  }),
  responses: { 200: tokens },
  problems: [invalidCredentials, weakPassword, tooManyAttempts],
  idempotent: 'no',
});
