import { describe, expect, it } from 'vitest';
import { preferredNextAdmin } from './succession-rules.ts';

const account = (userId: string, role: 'guest' | 'member' | 'agent', status: 'active' | 'suspended' = 'active') => ({
  userId,
  role,
  status,
});

describe('preferredNextAdmin', () => {
  it.each([
    ['returns the first candidate with an active account', [account('ann', 'member'), account('bea', 'agent')], 'ann'],
    ['prefers a member to an earlier guest', [account('ann', 'guest'), account('bea', 'member')], 'bea'],
    ['skips a suspended account', [account('ann', 'member', 'suspended'), account('bea', 'member')], 'bea'],
    [
      'prefers an active guest to a suspended member',
      [account('ann', 'member', 'suspended'), account('bea', 'guest')],
      'bea',
    ],
    [
      'returns the first guest when all candidates are guests',
      [account('ann', 'guest'), account('bea', 'guest')],
      'ann',
    ],
    ['returns the first candidate when no account is active', [account('bea', 'member', 'suspended')], 'ann'],
  ])('%s', (_, accounts, expected) => {
    expect(preferredNextAdmin(['ann', 'bea'], accounts)).toBe(expected);
  });

  it('returns undefined without candidates', () => {
    expect(preferredNextAdmin([], [])).toBeUndefined();
  });
});
