import { describe, expect, it } from 'vitest';
import { positionOf, seqOfPosition } from './order-rules.ts';

const at = '2026-12-01T10:00:00.000Z';
const later = '2026-12-01T10:00:00.001Z';

describe('positionOf', () => {
  it('sorts events by time, then by their number, then by their id', () => {
    const expected = [
      positionOf({ eventId: 'Z', at, seq: 0 }),
      positionOf({ eventId: 'A', at, seq: 9 }),
      positionOf({ eventId: 'A-urgent', at, seq: 9 }),
      positionOf({ eventId: 'A', at, seq: 10 }),
      positionOf({ eventId: 'A', at: later, seq: 0 }),
    ];
    expect([...expected].reverse().sort()).toEqual(expected);
  });

  it('contains the number', () => {
    expect(seqOfPosition(positionOf({ eventId: 'A#1', at, seq: 42 }))).toBe(42);
  });
});
