import { ulid } from 'ulid';
import { password } from '../system/world.ts';
import type { Caller } from './caller.ts';
import { type Case, type Expectation, malformed, type Row } from './row.ts';

/** Public operations do not look at who calls: those that cost a password hash are asked by nobody only. */
function byNobody(cases: (caller: Caller) => readonly Case[]) {
  return (caller: Caller) => (caller.token === undefined ? cases(caller) : []);
}

const newPassword = 'Another-Lantern-9!';

/** Tokens that were never given out, in a field of the body. */
function tokenSlot(
  field: string,
  genuine: (caller: Caller) => string,
  refusal: Expectation,
  more: Readonly<Record<string, unknown>> = {},
) {
  return (caller: Caller): readonly Case[] => {
    const own = genuine(caller);
    const { tenantId, alice } = caller.foreign;
    const values: Readonly<Record<string, string>> = {
      'text that is no token': 'not-a-token',
      'a token with another tenant in front': tenantId + own.slice(tenantId.length),
      'a token with another user in it': own.slice(0, 26) + alice.userId + own.slice(52),
      'a token without its end': own.slice(0, -1),
      'a token with one more character': `${own}A`,
      'an id': ulid(),
      'another tenant’s key': `T#${tenantId}#U#${alice.userId}`,
    };
    return Object.entries(values).map(([kind, value]) => ({
      name: `body.${field} is ${kind}`,
      request: { body: { ...more, [field]: value } },
      ...refusal,
      alike: 'refused',
    }));
  };
}

/** Tenants that do not exist, or are not the account's. */
function tenantSlot(refusal: Expectation, body: (caller: Caller) => Readonly<Record<string, unknown>>) {
  return byNobody((caller) => [
    ...['never-existed', caller.foreign.slug].map((tenant) => ({
      name: `body.tenant is ${tenant}`,
      request: { body: { ...body(caller), tenant } },
      ...refusal,
    })),
    ...['North', 'T#x', 'north%23', '__proto__', caller.foreign.tenantId].map((tenant) => ({
      name: `body.tenant is ${tenant}`,
      request: { body: { ...body(caller), tenant } },
      ...malformed,
    })),
  ]);
}

function registration(name: string) {
  return {
    ...{ email: `canarynorth.${name}@people.test`, username: `canarynorth-${name}` },
    ...{ firstName: `canarynorth ${name}`, lastName: 'canarynorth Last' },
    ...{ password, passwordConfirm: password },
  };
}

const invalidToken: Expectation = { status: 401, code: 'INVALID_TOKEN' };

export const register: Row = {
  own: byNobody(({ home }) => [
    { name: 'own', request: { body: { ...registration('erin'), tenant: home?.slug } }, status: 201 },
  ]),
  // `south` takes no registrations: that there is such a tenant must not show.
  slots: {
    'body.tenant': tenantSlot({ status: 403, code: 'REGISTRATION_CLOSED', alike: 'absent' }, () => registration('eve')),
  },
};

export const login: Row = {
  own: byNobody(({ home }) => [
    { name: 'own', request: { body: { tenant: home?.slug, email: home?.bob.email, password } }, status: 200 },
  ]),
  slots: {
    'body.tenant': tenantSlot({ status: 401, code: 'INVALID_CREDENTIALS', alike: 'absent' }, ({ home }) => ({
      ...{ email: home?.bob.email, password },
    })),
    'body.deviceToken': byNobody(({ home, foreign }) => [
      {
        name: 'body.deviceToken is made up',
        request: {
          body: { tenant: home?.slug, email: home?.bob.email, password, deviceToken: `T#${foreign.tenantId}` },
        },
        status: 200,
      },
    ]),
  },
};

export const refresh: Row = {
  own: byNobody(({ home }) => [
    { name: 'own', request: { body: { refreshToken: home?.bob.refreshToken } }, status: 200 },
  ]),
  slots: { 'body.refreshToken': tokenSlot('refreshToken', ({ person }) => person.refreshToken, invalidToken) },
};

export const logout: Row = {
  own: byNobody(({ home }) => [
    { name: 'own', request: { body: { refreshToken: home?.carol.refreshToken } }, status: 204 },
  ]),
  // Unknown tokens are no error, and end nobody's session: the callers go on with theirs.
  slots: { 'body.refreshToken': tokenSlot('refreshToken', ({ person }) => person.refreshToken, { status: 204 }) },
};

export const verifyToken: Row = {
  own: ({ person }) => [{ name: 'own', request: { body: { token: person.token } }, status: 200 }],
  slots: { 'body.token': tokenSlot('token', ({ person }) => person.token, invalidToken) },
};

/** Asks for a mail: the answer is the same whether there is such an address or not. */
const mailRequest: Row = {
  own: byNobody(({ home }) => [
    {
      name: 'own',
      request: { body: { tenant: home?.slug, email: home?.bob.email } },
      ...{ status: 202, alike: 'any' },
    },
  ]),
  slots: {
    'body.tenant': tenantSlot({ status: 202, alike: 'any' }, ({ home }) => ({ email: home?.bob.email })),
  },
};
export const forgotPassword = mailRequest;
export const resendVerification = mailRequest;

/** A token of a mailed link's form. Good ones come by mail; the tests of crashes walk that way. */
const neverMailed = () => `${ulid()}${ulid()}${ulid()}`.slice(0, 69);

export const resetPassword: Row = {
  own: () => [],
  slots: { 'body.token': tokenSlot('token', neverMailed, invalidToken, { newPassword }) },
};

export const verifyEmail: Row = {
  own: () => [],
  slots: { 'body.token': tokenSlot('token', neverMailed, invalidToken, { password }) },
};

export const changePassword: Row = {
  // A body that nobody's password is compared with: who may change one is told what is missing.
  own: () => [{ name: 'without passwords', request: { body: {} }, ...malformed }],
  slots: {},
};

export const createTicket: Row = { own: () => [{ name: 'plain', request: {}, status: 201 }], slots: {} };
