import { defineProblem } from '../kit/define-problem.ts';

export const rateLimited = defineProblem({
  name: 'rate-limited',
  status: 429,
  title: 'Too many requests of this kind',
  description:
    'Each user may start so many conversations, add so many people to groups, and catch up so often. Wait `retryAfterMs`.',
  retryable: true,
});
