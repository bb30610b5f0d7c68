import { defineProblem } from '../kit/define-problem.ts';

export const searchOff = defineProblem({
  name: 'search-off',
  status: 403,
  title: 'Search is turned off',
  description: 'The tenant does not allow searches of its messages. Repeating the request does not help.',
});
