import { emailNotVerified } from './problems.ts';
import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { accountPending, accountSuspended, invalidCredentials, tooManyAttempts } from '../problems.ts';
import { addressToFind } from '../schemas/email.ts';
import { tenantSlug } from '../schemas/ids.ts';
import { text } from '../schemas/text.ts';
import { tokens } from '../schemas/tokens.ts';

export const login = defineRoute({
  operationId: 'login',
  method: 'POST',
  path: '/api/v1/auth/login',
  access: 'public',
  summary: 'Log in',
  description:
    'Send either `email` or `username`. Platform staff omit `tenant`. Send the `deviceToken` of an earlier login on this device, so that failed attempts from other devices do not lock this device out.',
  params: {},
  body: z
    .strictObject({
      tenant: z.optional(tenantSlug),
      email: z.optional(addressToFind.check(z.describe('Required unless `username` is sent'))),
      username: z.optional(addressToFind.check(z.maxLength(64), z.describe('Required unless `email` is sent'))),
      password: text(z.minLength(1), z.maxLength(200)),
      deviceToken: z.optional(text(z.maxLength(200), z.describe('`deviceToken` of an earlier login on this device'))),
    })
    .check(
      z.refine((body) => (body.email === undefined) !== (body.username === undefined), {
        path: ['email'],
        error: 'send either email or username',
      }),
      z.meta({ examples: [{ tenant: 'demo', email: 'alice@example.com', password: 'Harbour-lamp-72' }] }),
    ),
  responses: {
    200: z.extend(tokens, {
      deviceToken: z.string().check(
        z.meta({
          description: 'Store it on the device and send it with later logins',
          examples: ['d1.Yk3vQm7rTz0xWc5n'],
        }),
      ),
    }),
  },
  problems: [invalidCredentials, accountPending, accountSuspended, emailNotVerified, tooManyAttempts],
  idempotent: 'no',
});
