import { describe, expect, it } from 'vitest';
import { availableShareOf, type FileTime, overBudget, slowest, tableOf } from './file-times.ts';

const time = (file: string, seconds: number): FileTime => ({ file, project: 'unit', seconds, cpuSeconds: seconds / 2 });

describe('the times of test files', () => {
  it('begins with the slowest', () => {
    const files = [time('quick', 1), time('slow', 30), time('middling', 10)];
    expect(slowest(files, 2).map(({ file }) => file)).toEqual(['slow', 'middling']);
  });

  it('shows wall and CPU time of each file', () => {
    expect(tableOf([time('a.test.ts', 12.34)]).split('\n')[1]).toBe('   12.3     6.2  a.test.ts');
  });
});

describe('the budget of a file', () => {
  it('is exceeded only by more than its seconds', () => {
    const files = [time('at', 60), time('over', 61)];
    expect(overBudget(files, { seconds: 60 }, 1).map(({ file }) => file)).toEqual(['over']);
  });

  it('grows as other programs leave less of the machine', () => {
    const files = [time('twice', 120), time('more', 121)];
    expect(overBudget(files, { seconds: 60 }, 0.5).map(({ file }) => file)).toEqual(['more']);
  });
});

describe('an exception from the budget', () => {
  it('holds for its file alone', () => {
    const files = [time('long', 90), time('longer', 121), time('other', 90)];
    const budget = { seconds: 60, exceptions: { long: 120, longer: 120 } };
    expect(overBudget(files, budget, 1).map(({ file }) => file)).toEqual(['longer', 'other']);
  });
});

describe('the share of the machine that is left to the tests', () => {
  const before = { total: 1000, busy: 500 };

  it.each([
    ['all of it when only the tests work', { total: 2000, busy: 1300 }, 800, 1],
    ['the part that other programs do not take', { total: 2000, busy: 1300 }, 300, 0.5],
    ['all of it when no time has passed', before, 0, 1],
    ['nothing when others take everything', { total: 2000, busy: 1500 }, 0, 0],
  ])('is %s', (_, after, ownMs, share) => {
    expect(availableShareOf(before, after, ownMs)).toBeCloseTo(share);
  });
});
