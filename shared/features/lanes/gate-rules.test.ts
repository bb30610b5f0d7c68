import { describe, expect, it } from 'vitest';
import { afterFailure, type Gate, type GateFailure, mostItemFailures, passageOf, shouldEnd } from './gate-rules.ts';

const at = Date.parse('2026-12-01T10:00:00Z');
const [second, minute, hour] = [1000, 60_000, 3_600_000];
const failure = (changes: Partial<GateFailure> = {}): GateFailure => ({
  ...{ of: 'destination', at, isLost: false, jitter: 0 },
  ...changes,
});

describe('passageOf', () => {
  const closed = afterFailure(undefined, failure());

  it('lets every lane pass while the gate is open', () => {
    expect(passageOf(undefined, 'a', at)).toBe('open');
    expect(passageOf(afterFailure(undefined, failure({ of: 'item' })), 'a', at)).toBe('open');
  });

  it('lets no lane pass until the pause is over, and then one', () => {
    expect(passageOf(closed, 'a', at + 5 * second - 1)).toBe('closed');
    expect(passageOf(closed, 'a', at + 5 * second)).toBe('probe');
    const probing: Gate = { ...closed, probe: 'a', probeUntil: at + 2 * minute };
    expect(passageOf(probing, 'a', at + minute)).toBe('probe');
    expect(passageOf(probing, 'b', at + minute)).toBe('closed');
    expect(passageOf(probing, 'b', at + 2 * minute)).toBe('probe');
  });
});

describe('afterFailure', () => {
  it('closes the gate for longer after each probe', () => {
    let gate: Gate | undefined;
    const pauses: number[] = [];
    for (let closing = 0; closing < 7; closing += 1) {
      gate = afterFailure(gate, failure());
      pauses.push(((gate.closedUntil ?? 0) - at) / minute);
    }
    expect(pauses).toEqual([5 / 60, 5, 30, 120, 300, 600, 600]);
  });

  it('closes the gate for as long as the destination asks', () => {
    expect(afterFailure(undefined, failure({ retryAfterMs: hour })).closedUntil).toBe(at + hour);
  });

  it('closes the gate after several failures of single deliveries', () => {
    let gate: Gate | undefined;
    for (let count = 1; count < mostItemFailures; count += 1) {
      gate = afterFailure(gate, failure({ of: 'item' }));
      expect(gate.closedUntil).toBeUndefined();
    }
    expect(afterFailure(gate, failure({ of: 'item' })).closedUntil).toBe(at + 5 * second);
  });

  it('forgets the probe', () => {
    const probing: Gate = { ...afterFailure(undefined, failure()), probe: 'a', probeUntil: at + minute };
    expect(afterFailure(probing, failure()).probe).toBeUndefined();
  });
});

describe('shouldEnd', () => {
  const fail = (gate: Gate | undefined, hours: number, isLost = true) =>
    afterFailure(gate, failure({ at: at + hours * hour, isLost }));
  const failing = (...lostAfter: readonly number[]) =>
    lostAfter.reduce<Gate>((gate, hours) => fail(gate, hours), fail(undefined, 0, false));

  it.each([
    ['five days and three lost deliveries over a day', [24, 36, 48], 120, true],
    ['less than five days', [24, 36, 48], 119, false],
    ['two lost deliveries', [24, 48], 200, false],
    ['three lost deliveries within a day', [24, 30, 47], 200, false],
    ['no lost delivery', [], 200, false],
  ] as const)('decides after %s', (_, lostAfter, hours, expected) => {
    expect(shouldEnd(failing(...lostAfter), at + hours * hour)).toBe(expected);
  });
});
