import { describe, expect, it } from 'vitest';
import { afterFailure, afterSuccess, backOffMs, gateAt, probing, spreadMs, spreadOf } from './gate-rules.ts';
import { noHealth } from './integration-item.ts';

const failure = { reason: 'unreachable' } as const;

describe('the gate', () => {
  it('closes for longer with each failure, and for half an hour at most', () => {
    expect([1, 2, 3, 7, 8, 100].map(backOffMs)).toEqual([30_000, 60_000, 120_000, 1_800_000, 1_800_000, 1_800_000]);
  });

  it('stays closed as long as the other system asks', () => {
    expect(afterFailure(noHealth, { ...failure, afterMs: 3_600_000 }, 1000).closedUntil).toBe(3_601_000);
  });

  it('lets one probe when its time is over, and opens with a success', () => {
    const closed = afterFailure(noHealth, failure, 0);
    expect([gateAt(noHealth, 0), gateAt(closed, 29_999), gateAt(closed, 30_000)]).toEqual([
      { kind: 'open' },
      { kind: 'closed', until: 30_000 },
      { kind: 'probe' },
    ]);
    const probed = probing(closed, 30_000);
    expect(gateAt(probed, 30_001).kind).toBe('closed');
    expect(afterSuccess(probed, 31_000)).toEqual({
      failures: 0,
      lastSuccessAt: 31_000,
      lastErrorAt: 0,
      lastError: 'unreachable',
    });
  });

  it('records successes at most once a minute', () => {
    const open = { failures: 0, lastSuccessAt: 1000 };
    expect(afterSuccess(open, 2000)).toBeUndefined();
    expect(afterSuccess(open, 61_000)).toMatchObject({ lastSuccessAt: 61_000 });
  });

  it('lets tickets return at different times', () => {
    const times = ['01KAJ72N4DF7H0J3M6P9R2T5VW', '01KAJ72N4DF7H0J3M6P9R2T5VX', '01KAJ72N4DF7H0J3M6P9R2T5VY'].map(
      spreadOf,
    );
    expect(new Set(times).size).toBe(3);
    expect(times.every((time) => time >= 0 && time < spreadMs)).toBe(true);
  });
});
