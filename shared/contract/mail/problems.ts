import { defineProblem } from '../kit/define-problem.ts';

export const suppressionNotFound = defineProblem({
  name: 'suppression-not-found',
  status: 404,
  title: 'No such suppression',
  description: 'Your tenant has no suppression with this id. The address may get mails already.',
});
