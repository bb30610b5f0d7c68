import { defineProblem } from '../kit/define-problem.ts';

export const webhookNotFound = defineProblem({
  name: 'webhook-not-found',
  status: 404,
  title: 'No such webhook',
  description: 'Your tenant has no webhook with this id.',
});
export const webhookLimitReached = defineProblem({
  name: 'webhook-limit-reached',
  status: 409,
  title: 'The tenant has too many webhooks',
  description: 'A tenant can have 20 webhooks. Delete one first.',
});
export const webhookUrlRefused = defineProblem({
  name: 'webhook-url-refused',
  status: 422,
  title: 'The URL cannot receive webhooks',
  description:
    'The URL must begin with `https://`, use port 443 or 8443, contain no user name or password, and name a public host other than this service.',
});
export const rotationOpen = defineProblem({
  name: 'rotation-open',
  status: 409,
  title: 'The previous secret is still valid',
  description:
    'A webhook has at most two secrets. Wait for `previousSecretExpiresAt`, or send `overlapHours: 0` to end both at once.',
});
export const webhookDisabled = defineProblem({
  name: 'webhook-disabled',
  status: 409,
  title: 'The webhook is disabled',
  description: 'Enable it with `updateWebhook`, then repeat the request.',
});
export const tooManyTests = defineProblem({
  name: 'too-many-tests',
  status: 429,
  title: 'Too many test events',
  description: 'A webhook can be tested six times a minute. Wait `retryAfterMs`.',
  retryable: true,
});
export const deliveryNotFound = defineProblem({
  name: 'delivery-not-found',
  status: 404,
  title: 'No such delivery',
  description: 'The webhook has no delivery with this id, or it is older than 30 days.',
});
export const deliveryPending = defineProblem({
  name: 'delivery-pending',
  status: 409,
  title: 'The delivery is still pending',
  description: 'The service attempts it by itself. It can be replayed after it was delivered or has failed.',
});
export const replayRunning = defineProblem({
  name: 'replay-running',
  status: 409,
  title: 'Another replay is running',
  description: 'A webhook has one replay of a range at a time. `getWebhook` shows its progress.',
});
