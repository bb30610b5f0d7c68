import type { Caller } from './caller.ts';
import { wrongIds } from './id-values.ts';
import { absent, type Case, casesOf, type Expectation, type Matrix } from './request-cases.ts';

export function accountSlot({ home, foreign, person }: Caller): readonly Case[] {
  const own = home?.bob.userId ?? person.userId;
  const values = wrongIds({ own, foreign: foreign.bob.userId, foreignTenantId: foreign.tenantId });
  return casesOf('path.userId', values, absent(404, 'USER_NOT_FOUND'), (userId) => ({ params: { userId } }));
}

/** `own` is the answer for an active account. */
export function statusMatrix(own: Expectation): Matrix {
  return {
    own: ({ home, person }) => [
      { name: 'an active account', request: { params: { userId: home?.bob.userId ?? person.userId } }, ...own },
    ],
    slots: { 'path.userId': accountSlot },
  };
}

export const illegalTransition = { status: 409, code: 'ILLEGAL_TRANSITION' };
