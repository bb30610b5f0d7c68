import { defineProblem } from '../kit/define-problem.ts';

export const rateLimited = defineProblem({
  name: 'rate-limited',
  status: 429,
  title: 'Too many requests of this kind',
  description:
    'The service limits how many conversations a user creates, how many participants a user adds to groups, and how often a user catches up. Wait `retryAfterMs`.',
  retryable: true,
});
