import { describe, expect, it } from 'vitest';
import type { Member } from '../log/conversation-item.ts';
import { statusOf } from './status-rules.ts';

const since = (q: number): Member => ({ r: 'm', q, n: 0, v: 0, t: 0 });
const mark = (userId: string, deliveredSeq: number, readSeq: number) => ({ userId, deliveredSeq, readSeq });
const message = { seq: 5, senderId: 'a' };

describe('a message’s status', () => {
  const members = { a: since(0), b: since(0), c: since(0) };

  it.each([
    { known: [], status: 'sent' },
    { known: [mark('b', 9, 9)], status: 'sent' },
    { known: [mark('b', 9, 9), mark('c', 4, 4)], status: 'sent' },
    { known: [mark('b', 5, 5), mark('c', 5, 4)], status: 'delivered' },
    { known: [mark('b', 5, 5), mark('c', 5, 5)], status: 'read' },
    { known: [mark('a', 9, 9), mark('b', 5, 0), mark('c', 5, 0)], status: 'delivered' },
  ])('is $status when it is so with the last of the others', ({ known, status }) => {
    expect(statusOf({ members }, message, known)).toBe(status);
  });

  it('does not fall back when somebody comes, and does not wait for who has left', () => {
    const known = [mark('b', 5, 5), mark('gone', 0, 0)];
    expect(statusOf({ members: { a: since(0), b: since(0), newcomer: since(6) } }, message, known)).toBe('read');
  });

  it('is sent where nobody else is, and where there are too many for receipts', () => {
    expect(statusOf({ members: { a: since(0) } }, message, [])).toBe('sent');
    const names = Array.from({ length: 51 }, (_, index) => `u${index}`);
    const crowd = Object.fromEntries(names.map((name) => [name, since(0)]));
    const all = names.map((name) => mark(name, 9, 9));
    expect(statusOf({ members: crowd }, message, all)).toBe('sent');
    const { u50: _, ...fifty } = crowd;
    expect(statusOf({ members: fifty }, message, all)).toBe('read');
  });
});
