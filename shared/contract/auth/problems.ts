import { defineProblem } from '../kit/define-problem.ts';

export const registrationClosed = defineProblem({
  name: 'registration-closed',
  status: 403,
  title: 'Registration is closed',
  description: 'The tenant does not take registrations, or does not exist. Ask its administrator for an account.',
});
