import { describe, expect, it } from 'vitest';
import { defaultSlaTargets, slaPausesForCustomer, slaPolicy } from './sla-policy.ts';
import { priorities } from './support.ts';

describe('a policy of the service level', () => {
  it('may set any target and leave out the others', () => {
    for (const policy of [
      {},
      { high: {} },
      { urgent: { firstResponseMinutes: 1 }, low: { resolutionMinutes: 525_600 } },
    ]) {
      expect(slaPolicy.parse(policy)).toEqual(policy);
    }
  });

  it.each([
    ['no time', { high: { firstResponseMinutes: 0 } }, ['high', 'firstResponseMinutes']],
    ['more than a year', { low: { resolutionMinutes: 525_601 } }, ['low', 'resolutionMinutes']],
    ['a part of a minute', { low: { nextResponseMinutes: 1.5 } }, ['low', 'nextResponseMinutes']],
    ['a text', { medium: { resolutionMinutes: '60' } }, ['medium', 'resolutionMinutes']],
    ['an unknown priority', { extreme: {} }, []],
    ['an unknown target', { high: { firstReplyMinutes: 5 } }, ['high']],
  ])('rejects %s', (_, policy, path) => {
    expect(slaPolicy.safeParse(policy).error?.issues).toEqual([expect.objectContaining({ path })]);
  });

  it('says the limits of a target', () => {
    const messages = [0, 525_601].map(
      (resolutionMinutes) => slaPolicy.safeParse({ low: { resolutionMinutes } }).error?.issues[0]?.message,
    );
    expect(messages).toEqual(['must be at least 1 minute', 'must be at most 525600 minutes, which is a year']);
  });

  it('has defaults that get stricter with the priority and never ask for a reply after the resolution', () => {
    expect(priorities.map((priority) => defaultSlaTargets[priority].resolutionMinutes)).toEqual([2880, 720, 240, 60]);
    expect(priorities.map((priority) => defaultSlaTargets[priority].firstResponseMinutes)).toEqual([
      2880, 720, 240, 15,
    ]);
    for (const priority of priorities) {
      const targets = defaultSlaTargets[priority];
      expect(slaPolicy.parse({ [priority]: targets })).toEqual({ [priority]: targets });
      expect(targets.firstResponseMinutes).toBeLessThanOrEqual(targets.resolutionMinutes);
      expect(targets.nextResponseMinutes).toBe(targets.firstResponseMinutes);
    }
  });

  it('pauses for the customer or does not', () => {
    expect(slaPausesForCustomer.parse(false)).toBe(false);
    expect(slaPausesForCustomer.safeParse('yes').success).toBe(false);
  });
});
