import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { registrationClosed } from './problems.ts';
import { emailTaken, tooManyAttempts, usernameTaken, weakPassword } from '../problems.ts';
import { email } from '../schemas/email.ts';
import { tenantSlug } from '../schemas/ids.ts';
import { text } from '../schemas/text.ts';
import { newPassword, personName, user, username } from '../schemas/user.ts';

export const registrationMembers = {
  email,
  username,
  firstName: personName,
  lastName: personName,
  password: newPassword,
  passwordConfirm: text(z.meta({ description: 'The same password again', examples: ['Harbour-lamp-72'] })),
};

export const passwordsMatch = z.refine<{ readonly password: string; readonly passwordConfirm: string }>(
  (body) => body.password === body.passwordConfirm,
  { path: ['passwordConfirm'], error: 'must equal the password' },
);

export const register = defineRoute({
  operationId: 'register',
  method: 'POST',
  path: '/api/v1/auth/register',
  access: 'public',
  summary: 'Register an account',
  description:
    'The tenant’s registration policy decides the outcome: `open` creates an active account, `approval` creates an account that an administrator must approve, and `closed` rejects the request. The service mails a link to verify the address. Until the address is verified, other users cannot find the account by it. A tenant that requires verified addresses answers 202 to every registration, whether or not the address and the user name are free. The mail then explains how to continue, and verifying the address creates the account.',
  params: {},
  body: z.strictObject({ tenant: tenantSlug, ...registrationMembers }).check(passwordsMatch),
  responses: { 201: z.object({ user }), 202: z.object({ status: z.literal('accepted') }) },
  problems: [registrationClosed, emailTaken, usernameTaken, weakPassword, tooManyAttempts],
  idempotent: 'no',
});
