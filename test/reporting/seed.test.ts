import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seed, seedOf } from './seed.ts';

const lateInTheEvening = new Date('2026-12-31T23:30:00-02:00');

describe('the seed of a run', () => {
  it('is the date in UTC when none is given', () => {
    expect(seedOf({}, lateInTheEvening)).toBe(20270101);
    expect(seedOf({ SEED: '' }, lateInTheEvening)).toBe(20270101);
  });

  it('is the one that is given', () => {
    expect(seedOf({ SEED: '7' }, lateInTheEvening)).toBe(7);
  });

  it.each(['seven', '1.5', '-1', '7 '])('is rejected when it is %o', (text) => {
    expect(() => seedOf({ SEED: text }, lateInTheEvening)).toThrow('SEED');
  });
});

it('is what properties draw from', () => {
  expect(fc.readConfigureGlobal().seed).toBe(seed);
  expect(fc.sample(fc.integer(), 3)).toEqual(fc.sample(fc.integer(), { seed, numRuns: 3 }));
});
