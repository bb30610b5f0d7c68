import { defineProblem } from '../kit/define-problem.ts';

export const searchOff = defineProblem({
  name: 'search-off',
  status: 403,
  title: 'Search is off',
  description: 'The tenant does not let its messages be searched. Asking again does not help.',
});
