import { defineProblem } from '../kit/define-problem.ts';

export const emailNotVerified = defineProblem({
  name: 'email-not-verified',
  status: 403,
  title: 'The e-mail address is not verified',
  description:
    'The tenant requires it. Open the link in the mail, or ask for it again. Only a caller who knows the password gets this answer.',
});
export const registrationClosed = defineProblem({
  name: 'registration-closed',
  status: 403,
  title: 'Registration is closed',
  description: 'The tenant does not accept registrations, or does not exist. Ask its administrator for an account.',
});
