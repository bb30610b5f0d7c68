import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { accountPending, accountSuspended, invalidCredentials, tooManyAttempts } from '../problems.ts';
import { tenantSlug } from '../schemas/ids.ts';
import { tokens } from '../schemas/tokens.ts';

export const login = defineRoute({
  operationId: 'login',
  method: 'POST',
  path: '/api/v1/auth/login',
  access: 'public',
  summary: 'Log in with e-mail address or user name',
  description:
    'Platform staff omit `tenant`. `deviceToken`, from an earlier login on this device, keeps the device apart from other people’s failed attempts on the account.',
  params: {},
  body: z
    .strictObject({
      tenant: z.optional(tenantSlug),
      email: z.optional(z.string().check(z.trim(), z.toLowerCase(), z.minLength(1), z.maxLength(254))),
      username: z.optional(z.string().check(z.trim(), z.toLowerCase(), z.minLength(1), z.maxLength(64))),
      password: z.string().check(z.minLength(1), z.maxLength(200)),
      deviceToken: z.optional(z.string().check(z.maxLength(200))),
    })
    .check(
      z.refine((body) => (body.email === undefined) !== (body.username === undefined), {
        path: ['email'],
        error: 'send either email or username',
      }),
    ),
  responses: {
    200: z.extend(tokens, {
      deviceToken: z.string().check(z.describe('Keep it on the device and send it with later logins')),
    }),
  },
  problems: [invalidCredentials, accountPending, accountSuspended, tooManyAttempts],
  idempotent: 'no',
});
