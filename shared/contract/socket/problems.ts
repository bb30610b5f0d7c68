import { defineProblem } from '../kit/define-problem.ts';

export const tooManyConnections = defineProblem({
  name: 'too-many-connections',
  status: 429,
  title: 'The user has too many connections',
  description:
    'A user has 20 at most; the newest displaced this one, and it is closed. The session goes on. Connect again when the user comes back to this device, or after `retryAfterMs`.',
  retryable: true,
});
