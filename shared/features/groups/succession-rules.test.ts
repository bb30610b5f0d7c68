import { describe, expect, it } from 'vitest';
import { preferredNextAdmin } from './succession-rules.ts';

const account = (userId: string, role: 'guest' | 'member' | 'agent', status: 'active' | 'suspended' = 'active') => ({
  userId,
  role,
  status,
});

describe('who leads a group next', () => {
  it.each([
    ['is the longest-standing', [account('ann', 'member'), account('bea', 'agent')], 'ann'],
    ['is no guest while there is somebody else', [account('ann', 'guest'), account('bea', 'member')], 'bea'],
    ['is nobody who cannot act', [account('ann', 'member', 'suspended'), account('bea', 'member')], 'bea'],
    [
      'is a guest rather than one who cannot act',
      [account('ann', 'member', 'suspended'), account('bea', 'guest')],
      'bea',
    ],
    ['is the longest-standing guest of guests', [account('ann', 'guest'), account('bea', 'guest')], 'ann'],
    ['is somebody, also if nobody can act', [account('bea', 'member', 'suspended')], 'ann'],
  ])('%s', (_, accounts, expected) => {
    expect(preferredNextAdmin(['ann', 'bea'], accounts)).toBe(expected);
  });

  it('returns nothing without candidates', () => {
    expect(preferredNextAdmin([], [])).toBeUndefined();
  });
});
