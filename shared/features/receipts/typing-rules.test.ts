import { describe, expect, it } from 'vitest';
import { passOn, type PassedOn, typingIntervalMs } from './typing-rules.ts';

function passed(signals: readonly (readonly [at: number, isStart: boolean])[]): number[] {
  let last: PassedOn | undefined;
  return signals
    .filter(([at, isStart]) => {
      const next = passOn(last, isStart, at, typingIntervalMs);
      last = next ?? last;
      return next !== undefined;
    })
    .map(([at]) => at);
}

describe('passOn', () => {
  it('passes on at most one start in two seconds', () => {
    expect(passed([0, 500, 1999, 2000, 3999, 4000].map((at) => [at, true]))).toEqual([0, 2000, 4000]);
  });

  it('passes on the first stop after a start at any time', () => {
    const signals = [
      [0, true],
      [100, false],
      [200, false],
      [300, true],
      [2000, true],
      [2001, false],
      [4000, false],
    ] as const;
    expect(passed(signals)).toEqual([0, 100, 2000, 2001, 4000]);
  });
});
