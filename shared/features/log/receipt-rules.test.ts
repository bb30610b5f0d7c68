import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delivered, marked, noProgress, type Progress, read, unreadOf, wrote } from './receipt-rules.ts';

describe('progress', () => {
  it('never decreases, for receipts in any order, and includes delivery when a message is read', () => {
    const move = fc.record({ kind: fc.constantFrom('delivered', 'read', 'wrote', 'marked'), seq: fc.nat(20) });
    fc.assert(
      fc.property(fc.array(move), (moves) => {
        let progress: Progress = noProgress;
        for (const { kind, seq } of moves) {
          const before = progress;
          if (kind === 'delivered') progress = delivered(progress, seq);
          if (kind === 'read') progress = read(progress, { seq, count: seq });
          if (kind === 'wrote') progress = wrote(progress, { seq, count: seq });
          if (kind === 'marked') progress = marked(progress, seq, 0);
          expect(progress.readSeq).toBeGreaterThanOrEqual(before.readSeq);
          expect(progress.deliveredSeq).toBeGreaterThanOrEqual(before.deliveredSeq);
          expect(progress.deliveredSeq).toBeGreaterThanOrEqual(progress.readSeq);
          expect(progress.readCount).toBe(progress.readSeq);
        }
      }),
    );
  });
});

describe('an unread mark', () => {
  const reader = { deliveredSeq: 9, readSeq: 9, readCount: 7, markedUnread: 0 };
  const withMark = marked(reader, 3, 0);

  it('increases the unread count, and replaces an earlier mark', () => {
    expect(unreadOf(withMark, 9, 0)).toBe(5);
    expect(unreadOf(marked(withMark, 1, 0), 9, 0)).toBe(3);
  });

  it('is removed when the user reads again or writes', () => {
    expect(read(withMark, { seq: 9, count: 7 })).toEqual(reader);
    expect(read(withMark, { seq: 10, count: 8 }).markedUnread).toBe(0);
    expect(wrote(withMark, { seq: 10, count: 8 }).markedUnread).toBe(0);
  });

  it('stays when an older receipt or an older own message arrives late', () => {
    expect(read(withMark, { seq: 8, count: 6 })).toBe(withMark);
    expect(wrote(withMark, { seq: 9, count: 7 })).toBe(withMark);
    expect(delivered(withMark, 12).markedUnread).toBe(3);
  });

  it('is ignored when the user has left and joined again', () => {
    expect(unreadOf(withMark, 12, 10)).toBe(2);
    expect(unreadOf(marked({ ...reader, readCount: 2 }, 3, 10), 12, 10)).toBe(5);
  });
});

describe('unreadOf', () => {
  it('excludes messages from before the user joined, and is never negative', () => {
    expect(unreadOf(noProgress, 12, 10)).toBe(2);
    expect(unreadOf({ ...noProgress, readSeq: 20, readCount: 15 }, 12, 10)).toBe(0);
  });
});
