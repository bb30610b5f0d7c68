import { describe, expect, it } from 'vitest';
import { availability, availabilityReason, awayGraceSeconds, defaultAwayGraceSeconds } from './availability.ts';

describe('the availability of an agent', () => {
  it('is one of four words', () => {
    expect(['online', 'busy', 'away', 'offline'].map((word) => availability.parse(word))).toHaveLength(4);
    expect(availability.safeParse('available').success).toBe(false);
  });

  it('may have a reason of one visible line', () => {
    expect(availabilityReason.parse(' Lunch ')).toBe('Lunch');
    expect(availabilityReason.parse('x'.repeat(100))).toHaveLength(100);
    for (const reason of ['', ' ', '\u2800', 'two\nlines', 'x'.repeat(101), '\ud800']) {
      expect(availabilityReason.safeParse(reason).success, JSON.stringify(reason)).toBe(false);
    }
  });

  it('ends after a grace time of up to an hour', () => {
    for (const seconds of [0, defaultAwayGraceSeconds, 3600]) expect(awayGraceSeconds.parse(seconds)).toBe(seconds);
    for (const seconds of [-1, 3601, 1.5, '60']) expect(awayGraceSeconds.safeParse(seconds).success).toBe(false);
  });
});
