import { expect, it } from 'vitest';
import { formOf, partsOf, type Subscriber } from './unsubscribe-token-rules.ts';

const tenantId = '01KAJ6Y3Z8W2Q4R7T9V1X5N0MB';
const signature = 'h4mVb0eQpXxk1sT9wLc7yR2dJf6uNz3gAo8iKqWvE5M';
const subscribers: readonly Subscriber[] = [
  { kind: 'user', id: '01KAJ70A5CE8G1H3J6K9M2P4QR' },
  { kind: 'address', id: 'Zt8wKq2mXv6yBn4cZt8wKq2mXv6yBn4cZt8wKq2mXv_' },
];

it.each(subscribers)('reads what a token names: $kind', (subscriber) => {
  expect(partsOf(`${formOf(tenantId, subscriber)}.${signature}`)).toEqual({ tenantId, subscriber });
});

it.each(['', 'x', `${tenantId}.u.`, `${tenantId}.x.01KAJ70A5CE8G1H3J6K9M2P4QR.${signature}`, `T#${tenantId}#U#1`])(
  'rejects %j as a token',
  (token) => {
    expect(partsOf(token)).toBeUndefined();
  },
);
