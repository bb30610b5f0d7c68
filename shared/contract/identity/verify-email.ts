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
  summary: 'Verify an e-mail address with the token from the mail',
  description:
    'The token proves the address, and the password proves the account, so the owner of an address cannot verify it for a stranger’s account by mistake. Where the tenant requires verified addresses, this completes the registration, and `username` replaces a name that another account has taken since.',
  params: {},
  body: z.strictObject({
    token: text(
      z.minLength(1),
      z.maxLength(200),
      z.meta({ description: 'From the link in the mail', examples: ['v1.Zt8wKq2mXv6yBn4c'] }),
    ),
    password: text(
      z.minLength(1),
      z.maxLength(200),
      z.meta({ description: 'The password of the account', examples: ['Harbour-lamp-72'] }),
    ),
    username: z.optional(username),
  }),
  responses: { 200: z.object({ user }) },
  problems: [invalidToken, invalidCredentials, usernameTaken, tooManyAttempts],
  idempotent: 'no',
});
