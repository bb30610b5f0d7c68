import { describe, expect, it } from 'vitest';
import type { Participant } from '../log/conversation-item.ts';
import { statusOf } from './status-rules.ts';

const since = (joinedSeq: number): Participant => ({
  role: 'member',
  joinedSeq,
  joinedCount: 0,
  joinedRevision: 0,
  joinedAt: 0,
});
const mark = (userId: string, deliveredSeq: number, readSeq: number) => ({ userId, deliveredSeq, readSeq });
const message = { seq: 5, senderId: 'a' };

describe('a message’s status', () => {
  const participants = { a: since(0), b: since(0), c: since(0) };

  it.each([
    { known: [], status: 'sent' },
    { known: [mark('b', 9, 9)], status: 'sent' },
    { known: [mark('b', 9, 9), mark('c', 4, 4)], status: 'sent' },
    { known: [mark('b', 5, 5), mark('c', 5, 4)], status: 'delivered' },
    { known: [mark('b', 5, 5), mark('c', 5, 5)], status: 'read' },
    { known: [mark('a', 9, 9), mark('b', 5, 0), mark('c', 5, 0)], status: 'delivered' },
  ])('is $status according to the recipient with the least progress', ({ known, status }) => {
    expect(statusOf({ kind: 'group', participants }, message, known)).toBe(status);
  });

  it('does not decrease when a user joins, and ignores users who left', () => {
    const known = [mark('b', 5, 5), mark('gone', 0, 0)];
    expect(
      statusOf({ kind: 'group', participants: { a: since(0), b: since(0), newcomer: since(6) } }, message, known),
    ).toBe('read');
  });

  it('stays sent when there are no other participants or too many', () => {
    expect(statusOf({ kind: 'group', participants: { a: since(0) } }, message, [])).toBe('sent');
    const names = Array.from({ length: 51 }, (_, index) => `u${index}`);
    const crowd = Object.fromEntries(names.map((name) => [name, since(0)]));
    const all = names.map((name) => mark(name, 9, 9));
    expect(statusOf({ kind: 'group', participants: crowd }, message, all)).toBe('sent');
    const { u50: _, ...fifty } = crowd;
    expect(statusOf({ kind: 'group', participants: fifty }, message, all)).toBe('read');
  });
});
