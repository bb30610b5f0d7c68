import { describe, expect, it } from 'vitest';
import { daysSince, newestChanges, startOfDeskChanges } from './desk-changes-rules.ts';

const hour = 3_600_000;
const now = Date.parse('2026-11-21T00:01:00.000Z');

describe('the start of the changes', () => {
  it('overlaps with the time before, and goes on after the last change that was sent', () => {
    expect(startOfDeskChanges({ until: now }, now)).toBe(now - 2 * 60_000);
    const lastSent = { at: now - hour, conversationId: 'c' };
    expect(startOfDeskChanges({ until: now, lastSent }, now)).toBe(now - hour);
  });

  it('is unknown once the first changes may have expired', () => {
    expect(startOfDeskChanges({ until: now - 70 * hour }, now)).toBe(now - 70 * hour - 2 * 60_000);
    expect(startOfDeskChanges({ until: now - 71 * hour }, now)).toBeUndefined();
    expect(startOfDeskChanges({ until: 0 }, now)).toBeUndefined();
  });
});

it('reads every day from the start until now, and the next one shortly before midnight', () => {
  expect(daysSince(now - 2 * 60_000, now)).toEqual(['2026-11-20', '2026-11-21']);
  const midnight = Date.parse('2026-11-21T23:59:00.000Z');
  expect(daysSince(midnight, midnight)).toEqual(['2026-11-21', '2026-11-22']);
});

it('keeps the newest change of each conversation', () => {
  const changes = [
    { conversationId: 'a', at: 2 },
    { conversationId: 'b', at: 1 },
    { conversationId: 'a', at: 1 },
  ];
  expect(newestChanges(changes, { userId: 'amina', role: 'agent' })).toEqual([
    { conversationId: 'a', at: 2, left: false },
    { conversationId: 'b', at: 1, left: false },
  ]);
});

it('keeps the changes that can have ended the access of the reader, and no other agent’s', () => {
  const changes = [
    { conversationId: 'a', at: 1, from: { teamId: 'billing' } },
    { conversationId: 'a', at: 2 },
    { conversationId: 'b', at: 3, from: { teamId: 'crisis', assigneeId: 'bela' } },
  ];
  const reader = { userId: 'amina', role: 'agent', teams: ['billing'] } as const;
  expect(newestChanges(changes, reader)).toEqual([
    { conversationId: 'a', at: 1, left: false, mayHaveLeft: true },
    { conversationId: 'a', at: 2, left: false },
    { conversationId: 'b', at: 3, left: false },
  ]);
  const bela = { userId: 'bela', role: 'agent', teams: [] } as const;
  expect(newestChanges(changes, bela)).toContainEqual({
    ...changes[2],
    from: undefined,
    left: false,
    mayHaveLeft: true,
  });
});
