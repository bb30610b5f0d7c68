import { describe, expect, it } from 'vitest';
import { slaTerms } from './terms-rules.ts';

describe('slaTerms', () => {
  it('takes the targets of the priority, and the defaults for those that the policy leaves out', () => {
    const policy = {
      high: { nextResponseMinutes: 30 },
      low: { firstResponseMinutes: 1, nextResponseMinutes: 2, resolutionMinutes: 3 },
    };
    const terms = { calendar: 'always', pausesForCustomer: false } as const;
    expect(slaTerms(policy, 'high', terms)).toEqual({
      ...terms,
      targetMinutes: { 'first-response': 240, 'next-response': 30, resolution: 240 },
    });
    expect(slaTerms(policy, 'low', terms).targetMinutes).toEqual({
      'first-response': 1,
      'next-response': 2,
      resolution: 3,
    });
    expect(slaTerms({}, 'urgent', terms).targetMinutes).toEqual({
      'first-response': 15,
      'next-response': 15,
      resolution: 60,
    });
  });
});
