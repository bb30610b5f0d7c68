import { defineProblem } from '../kit/define-problem.ts';

export const tooManyConnections = defineProblem({
  name: 'too-many-connections',
  status: 429,
  title: 'The user has too many connections',
  description:
    'A user can have at most 20 connections. A newer connection displaced this one, and the server closes it. The session stays valid. Connect again when the user returns to this device, or after `retryAfterMs`.',
  retryable: true,
});
