import { defineProblem } from '../kit/define-problem.ts';

export const methodNotAllowed = defineProblem({
  name: 'method-not-allowed',
  status: 405,
  title: 'The path does not support this method',
  description: 'The header `Allow` lists the methods that it supports.',
});
