import { defineProblem } from '../kit/define-problem.ts';

export const tooManyConnections = defineProblem({
  name: 'too-many-connections',
  status: 429,
  title: 'The user has too many connections',
  description:
    'A user has at most 20. A newer connection displaced this one, which the server closes. The session stays valid. Connect again when the user returns to this device, or after `retryAfterMs`.',
  retryable: true,
});
