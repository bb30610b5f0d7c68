import { describe, expect, it } from 'vitest';
import { type AccountStatus, type AccountTransition, accountTransitions, judgeTransition } from './account-status.ts';

const statuses: readonly AccountStatus[] = ['pending', 'active', 'suspended', 'rejected'];
const expected: Readonly<Record<AccountTransition, readonly string[]>> = {
  approve: ['change', 'done', 'refuse', 'refuse'],
  reject: ['change', 'refuse', 'refuse', 'done'],
  suspend: ['refuse', 'change', 'done', 'refuse'],
  reactivate: ['refuse', 'done', 'change', 'refuse'],
};

describe('judgeTransition', () => {
  it.each(Object.keys(accountTransitions) as AccountTransition[])('decides on %s for every status', (transition) => {
    expect(statuses.map((status) => judgeTransition(transition, status))).toEqual(expected[transition]);
  });
});
