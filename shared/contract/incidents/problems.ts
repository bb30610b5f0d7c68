import { defineProblem } from '../kit/define-problem.ts';

export const sourceNotFound = defineProblem({
  name: 'source-not-found',
  status: 404,
  title: 'No such source',
  description: 'No source of incidents of your tenant has this id.',
});
export const sourceLimitReached = defineProblem({
  name: 'source-limit-reached',
  status: 409,
  title: 'The tenant has as many sources as it may have',
  description: 'A tenant has at most 20 sources of incidents. Delete one, or add rules to an existing one.',
});
export const rotationOpen = defineProblem({
  name: 'rotation-open',
  status: 409,
  title: 'The former secret is still valid',
  description:
    'A source has at most two secrets. Wait until the former one expires, or send `force` to end it and rotate again.',
});
export const incidentDeliveryNotFound = defineProblem({
  name: 'incident-delivery-not-found',
  status: 404,
  title: 'No such delivery',
  description: 'The source has received no such delivery, or it was received more than 30 days ago.',
});
export const deliveryWithoutPayload = defineProblem({
  name: 'delivery-without-payload',
  status: 409,
  title: 'The delivery has no payload',
  description:
    'The service keeps no payload of duplicates and of deliveries without valid authentication. Use the original delivery.',
});
export const deliveryNotAuthentic = defineProblem({
  name: 'delivery-not-authentic',
  status: 401,
  title: 'The delivery is not authentic',
  description:
    'The source does not exist, or the signature or token is missing, wrong or too old. The answer does not reveal which.',
});
export const deliveryTooLarge = defineProblem({
  name: 'delivery-too-large',
  status: 413,
  title: 'The delivery is too large',
  description: 'A delivery may have at most 256 KiB. Send fewer alerts in one delivery.',
});
export const tooManyDeliveries = defineProblem({
  name: 'too-many-deliveries',
  status: 429,
  title: 'The source sends too many deliveries',
  description: 'A source may send 10 deliveries a second, and 1000 at once. Wait `retryAfterMs`, then send it again.',
  retryable: true,
});
