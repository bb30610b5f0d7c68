import type { Caller } from './caller.ts';
import { cursorCases } from './cursor-cases.ts';
import { wrongIds } from './id-values.ts';
import { absent, type Case, casesOf, type Expectation, type Row } from './row.ts';

const accountSlot = (caller: Caller): readonly Case[] => {
  const { home, foreign, person } = caller;
  const own = home?.bob.userId ?? person.userId;
  const values = wrongIds({ own, foreign: foreign.bob.userId, foreignTenantId: foreign.tenantId });
  return casesOf('path.userId', values, absent(404, 'USER_NOT_FOUND'), (userId) => ({ params: { userId } }));
};

/** A change of an account's status; `own` is what becomes of an account that is active. */
function statusRow(own: Expectation): Row {
  return {
    own: ({ home, person }) => [
      { name: 'an active account', request: { params: { userId: home?.bob.userId ?? person.userId } }, ...own },
    ],
    slots: { 'path.userId': accountSlot },
  };
}

const illegal = { status: 409, code: 'ILLEGAL_TRANSITION' };

export const listUsers: Row = {
  own: ({ home, person }) => [
    { name: 'plain', request: {}, status: 200 },
    { name: 'a page', request: { query: { limit: '1' } }, status: 200 },
    { name: 'by name', request: { query: { q: home?.bob.username ?? person.username } }, status: 200 },
  ],
  slots: {
    // Somebody of another tenant is found as little as nobody.
    'query.q': ({ foreign }) =>
      [foreign.bob.username, foreign.bob.email, 'nobody.at.all', 'nobody@people.test'].map((q) => ({
        name: `query.q is ${q}`,
        request: { query: { q } },
        ...{ status: 200, alike: 'nobody' },
      })),
    'query.cursor': cursorCases,
  },
};

export const getMe: Row = { own: () => [{ name: 'plain', request: {}, status: 200 }], slots: {} };

export const updateMe: Row = {
  own: ({ home, foreign }) => [
    { name: 'own', request: { body: { firstName: `${home?.canary ?? 'canarystaff'} changed` } }, status: 200 },
    {
      // Ids are no fields of a profile.
      name: 'somebody else’s',
      request: { body: { firstName: 'x', id: foreign.bob.userId, tenantId: foreign.tenantId } },
      ...{ status: 422, code: 'VALIDATION_FAILED' },
    },
  ],
  slots: {},
};

export const listAccounts: Row = {
  own: () => [
    { name: 'plain', request: {}, status: 200 },
    { name: 'a page', request: { query: { limit: '1' } }, status: 200 },
    { name: 'of a status', request: { query: { status: 'active' } }, status: 200 },
  ],
  slots: { 'query.cursor': cursorCases },
};

export const approveUser = statusRow({ status: 200 });
export const reactivateUser = statusRow({ status: 200 });
export const rejectUser = statusRow(illegal);
export const suspendUser: Row = {
  // An administrator cannot shut itself out, and everybody else is still needed.
  own: ({ person }) => [{ name: 'itself', request: { params: { userId: person.userId } }, ...illegal }],
  slots: { 'path.userId': accountSlot },
};
