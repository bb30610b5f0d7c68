import * as z from 'zod/mini';
import { registrationClosed } from '../identity/problems.ts';
import { passwordsMatch, registrationMembers } from '../identity/register.ts';
import { defineRoute } from '../kit/define-route.ts';
import { emailTaken, tooManyAttempts, usernameTaken, weakPassword } from '../problems.ts';
import { user } from '../schemas/user.ts';
import { guestEnded } from './problems.ts';

export const registerGuest = defineRoute({
  operationId: 'registerGuest',
  method: 'POST',
  path: '/api/v1/guests/me/register',
  access: 'guests:register',
  summary: 'Become a user',
  description:
    'Creates an account with the guest’s id, so that the conversations stay. The tenant’s registration policy decides the outcome as for `register`. When the account exists, the guest’s sessions end: log in with the account. An answer 202 leaves the guest as it is until the address is verified.',
  params: {},
  body: z.strictObject(registrationMembers).check(passwordsMatch),
  responses: { 201: z.object({ user }), 202: z.object({ status: z.literal('accepted') }) },
  problems: [registrationClosed, emailTaken, usernameTaken, weakPassword, guestEnded, tooManyAttempts],
  idempotent: 'no',
});
