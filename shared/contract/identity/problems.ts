import { defineProblem } from '../kit/define-problem.ts';

export const emailNotVerified = defineProblem({
  name: 'email-not-verified',
  status: 403,
  title: 'The e-mail address is not verified',
  description:
    'The tenant requires a verified address. Open the link in the mail, or request another mail. Only a caller who sends the correct password gets this answer.',
});
export const registrationClosed = defineProblem({
  name: 'registration-closed',
  status: 403,
  title: 'Registration is closed',
  description:
    'The tenant does not accept registrations, or does not exist. Ask the tenant’s administrator for an account.',
});
