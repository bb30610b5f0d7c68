import { defineProblem } from '../kit/define-problem.ts';

export const rateLimited = defineProblem({
  name: 'rate-limited',
  status: 429,
  title: 'Too many requests of this kind',
  description:
    'The service limits how many conversations a user creates, how often a customer changes the texts of a support conversation, how many participants a user adds to groups, and how often a user catches up. Wait `retryAfterMs`.',
  retryable: true,
});
export const propertyNotAllowed = defineProblem({
  name: 'property-not-allowed',
  status: 422,
  title: 'Conversations of this kind have no such property',
  description:
    'The problem names the members to omit. Groups have `name` and `history`, support conversations the others.',
});
