import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { registrationClosed } from './problems.ts';
import { emailTaken, tooManyAttempts, usernameTaken, weakPassword } from '../problems.ts';
import { tenantSlug } from '../schemas/ids.ts';
import { email, newPassword, personName, user, username } from '../schemas/user.ts';

export const register = defineRoute({
  operationId: 'register',
  method: 'POST',
  path: '/api/v1/auth/register',
  access: 'public',
  summary: 'Register with a tenant',
  description:
    'What happens is the tenant’s policy: `open` makes an active account, `approval` one that an administrator must approve first, `closed` none.',
  params: {},
  body: z
    .strictObject({
      tenant: tenantSlug,
      email,
      username,
      firstName: personName,
      lastName: personName,
      password: newPassword,
      passwordConfirm: z
        .string()
        .check(z.meta({ description: 'The password once more', examples: ['Harbour-lamp-72'] })),
    })
    .check(
      z.refine((body) => body.password === body.passwordConfirm, {
        path: ['passwordConfirm'],
        error: 'must equal the password',
      }),
    ),
  responses: { 201: z.object({ user }) },
  problems: [registrationClosed, emailTaken, usernameTaken, weakPassword, tooManyAttempts],
  idempotent: 'no',
});
