import { describe, expect, it } from 'vitest';
import { type Checkpoint, compareWithLog, newestEnds } from './checkpoint-rules.ts';

const end = (conversationId: string, seq: number, hash = `${conversationId}-${seq}`) => ({ conversationId, seq, hash });
const checkpoint = (at: string, ...ends: Checkpoint['ends']): Checkpoint => ({ v: 1, tenantId: 't', at, ends });

describe('newestEnds', () => {
  it('keeps the last entry of each conversation in any order of entries', () => {
    expect(newestEnds([end('b', 2), end('a', 7), end('b', 9), end('a', 3), end('b', 5)])).toEqual([
      end('a', 7),
      end('b', 9),
    ]);
  });
});

describe('compareWithLog', () => {
  const logOf = (length: number) => (seq: number) => (seq <= length ? `a-${seq}` : undefined);
  const checkpoints = [
    checkpoint('first', end('a', 3), end('b', 8)),
    checkpoint('second', end('a', 7)),
    checkpoint('third', end('b', 9)),
  ];

  it('returns the newest end that the log confirms', () => {
    expect(compareWithLog('a', checkpoints, logOf(9))).toEqual({
      anchored: { seq: 7, at: 'second' },
      brokenAt: undefined,
    });
    expect(compareWithLog('c', checkpoints, logOf(9))).toEqual({ anchored: undefined, brokenAt: undefined });
  });

  it('detects a log whose end was removed', () => {
    expect(compareWithLog('a', checkpoints, logOf(6))).toEqual({ anchored: { seq: 3, at: 'first' }, brokenAt: 7 });
  });

  it('detects a log that was cut and has grown since', () => {
    const regrown = (seq: number) => (seq <= 2 ? `a-${seq}` : `other-${seq}`);
    expect(compareWithLog('a', checkpoints, regrown)).toEqual({ anchored: undefined, brokenAt: 3 });
  });
});
