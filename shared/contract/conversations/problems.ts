import { defineProblem } from '../kit/define-problem.ts';

export const rateLimited = defineProblem({
  name: 'rate-limited',
  status: 429,
  title: 'Too many requests of this kind',
  description:
    'The service limits how many conversations a user starts, how many people a user adds to groups, and how often a user catches up. Wait `retryAfterMs`.',
  retryable: true,
});
