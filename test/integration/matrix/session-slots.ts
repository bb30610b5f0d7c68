import { ulid } from 'ulid';
import type { Caller } from './caller.ts';
import { type Case, type Expectation, malformed, type Matrix } from './request-cases.ts';

/** Public operations ignore the caller, so those that hash a password need only one. */
export function withoutSession(cases: (caller: Caller) => readonly Case[]) {
  return (caller: Caller) => (caller.token === undefined ? cases(caller) : []);
}

export const invalidToken: Expectation = { status: 401, code: 'INVALID_TOKEN' };

export function tokenSlot(
  field: string,
  genuine: (caller: Caller) => string,
  rejection: Expectation,
  more: Readonly<Record<string, unknown>> = {},
) {
  return (caller: Caller): readonly Case[] => {
    const own = genuine(caller);
    const { tenantId, alice } = caller.foreign;
    const values: Readonly<Record<string, string>> = {
      'text that is not a token': 'not-a-token',
      'a token with another tenant’s id': tenantId + own.slice(tenantId.length),
      'a token with another user’s id': own.slice(0, 26) + alice.userId + own.slice(52),
      'a token without its end': own.slice(0, -1),
      'a token with one more character': `${own}A`,
      'an id': ulid(),
      'another tenant’s key': `T#${tenantId}#U#${alice.userId}`,
    };
    return Object.entries(values).map(([kind, value]) => ({
      name: `body.${field} is ${kind}`,
      request: { body: { ...more, [field]: value } },
      ...rejection,
      alike: 'refused',
    }));
  };
}

/** Has the form of a mailed token. */
export const neverMailed = () => `${ulid()}${ulid()}${ulid()}`.slice(0, 69);

export function tenantSlot(rejection: Expectation, body: (caller: Caller) => Readonly<Record<string, unknown>>) {
  return withoutSession((caller) => [
    ...['never-existed', caller.foreign.slug].map((tenant) => ({
      name: `body.tenant is ${tenant}`,
      request: { body: { ...body(caller), tenant } },
      ...rejection,
    })),
    ...['North', 'T#x', 'north%23', '__proto__', caller.foreign.tenantId].map((tenant) => ({
      name: `body.tenant is ${tenant}`,
      request: { body: { ...body(caller), tenant } },
      ...malformed,
    })),
  ]);
}

/** The answer is the same with and without an account. */
export const mailRequest: Matrix = {
  own: withoutSession(({ home }) => [
    { name: 'own', request: { body: { tenant: home?.slug, email: home?.bob.email } }, status: 202, alike: 'any' },
  ]),
  slots: {
    'body.tenant': tenantSlot({ status: 202, alike: 'any' }, ({ home }) => ({ email: home?.bob.email })),
  },
};
