import { defineProblem } from '../kit/define-problem.ts';

export const integrationNotFound = defineProblem({
  name: 'integration-not-found',
  status: 404,
  title: 'No such integration',
  description: 'No integration of your tenant has this id.',
});
export const integrationLimitReached = defineProblem({
  name: 'integration-limit-reached',
  status: 409,
  title: 'The tenant has as many integrations as it may have',
  description: 'Delete an integration that you no longer need. A tenant has at most 10.',
});
export const integrationInvalid = defineProblem({
  name: 'integration-invalid',
  status: 422,
  title: 'The service cannot use this connection',
  description:
    'The address is not a public one, the secret is missing, or the kind of system is another one. `errors` explains what to change.',
});
export const secretRotating = defineProblem({
  name: 'secret-rotating',
  status: 409,
  title: 'A rotation is still running',
  description: 'The former secret is valid until `retryAfterMs` has passed. Then rotate again.',
  retryable: true,
});
export const tooManyTests = defineProblem({
  name: 'too-many-tests',
  status: 429,
  title: 'Too many tests',
  description: 'Wait `retryAfterMs`. An integration can be tested six times in a minute.',
  retryable: true,
});
export const ticketExists = defineProblem({
  name: 'ticket-exists',
  status: 409,
  title: 'The conversation has a ticket',
  description: 'A conversation has one ticket. The member `ticket` of the conversation names it.',
});
export const ticketNotFound = defineProblem({
  name: 'ticket-not-found',
  status: 404,
  title: 'No such ticket',
  description: 'The conversation has no ticket of this integration, or the other system does not know this ticket.',
});
export const ticketInUse = defineProblem({
  name: 'ticket-in-use',
  status: 409,
  title: 'The ticket belongs to another conversation',
  description: 'Updates of one ticket go to one conversation. Link another ticket, or create one.',
});
export const systemUnavailable = defineProblem({
  name: 'system-unavailable',
  status: 502,
  title: 'The other system does not answer as expected',
  description: 'The detail says why. Repeat the request later, or let an admin test the integration.',
  retryable: true,
});
export const senderNotVerified = defineProblem({
  name: 'sender-not-verified',
  status: 401,
  title: 'The sender cannot be verified',
  description: 'The integration does not exist, or the signature or token is not the one of the integration.',
});
export const changeTooLarge = defineProblem({
  name: 'change-too-large',
  status: 413,
  title: 'The message is too large',
  description: 'A message about a ticket may have at most 256 KiB.',
});
export const tooManyChanges = defineProblem({
  name: 'too-many-changes',
  status: 429,
  title: 'Too many messages',
  description: 'Wait `retryAfterMs`. An integration accepts 300 messages at once, and five more each second.',
  retryable: true,
});
