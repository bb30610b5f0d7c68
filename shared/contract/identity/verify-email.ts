import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { invalidCredentials, invalidToken, tooManyAttempts, usernameTaken } from '../problems.ts';
import { text } from '../schemas/text.ts';
import { user, username } from '../schemas/user.ts';

export const verifyEmail = defineRoute({
  operationId: 'verifyEmail',
  method: 'POST',
  path: '/api/v1/auth/verify-email',
  access: 'public',
  summary: 'Verify an e-mail address',
  description:
    'Send the token from the mail and the password of the account. The token proves that you own the address. The password proves that you own the account, so that the owner of an address cannot verify it for a stranger’s account by mistake. If the tenant requires verified addresses, this request completes the registration. In that case, send `username` to replace a user name that another account has taken since.',
  params: {},
  body: z.strictObject({
    token: text(
      z.minLength(1),
      z.maxLength(200),
      z.meta({ description: 'Token in the mailed link', examples: ['v1.Zt8wKq2mXv6yBn4c'] }),
    ),
    password: text(
      z.minLength(1),
      z.maxLength(200),
      z.meta({ description: 'Password of the account', examples: ['Harbour-lamp-72'] }),
    ),
    username: z.optional(username),
  }),
  responses: { 200: z.object({ user }) },
  problems: [invalidToken, invalidCredentials, usernameTaken, tooManyAttempts],
  idempotent: 'no',
});
