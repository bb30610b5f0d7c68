import { describe, expect, it } from 'vitest';
import { changesSince, endOfRound, type MembershipChange, readSinceToken, sinceToken } from './since-rules.ts';

const minute = 60_000;
const now = 1_000 * minute;
const change = (conversationId: string, at: number): MembershipChange => ({ conversationId, at, left: false });

describe('readSinceToken', () => {
  it('returns the position of the token', () => {
    for (const since of [{ until: now }, { until: now, lastSent: { at: now - minute, conversationId: 'c' } }]) {
      expect(readSinceToken(sinceToken(since), now)).toEqual(since);
    }
  });

  it('limits a position in the future to now', () => {
    expect(readSinceToken(sinceToken({ until: now + minute }), now)).toEqual({ until: now });
  });

  it.each(['', 'x', 'e30', Buffer.from('["1"]').toString('base64url'), Buffer.from('[-1]').toString('base64url')])(
    'returns the beginning when the token is %s',
    (token) => expect(readSinceToken(token, now)).toEqual({ until: 0 }),
  );
});

describe('changesSince', () => {
  it('returns later changes, the oldest first, and repeats those shortly before', () => {
    const changes = [change('late', now + 1), change('old', now - 3 * minute), change('close', now - minute)];
    expect(changesSince(changes, { until: now }).map(({ conversationId }) => conversationId)).toEqual([
      'close',
      'late',
    ]);
  });

  it('continues a round after the last sent change, also among changes of the same time', () => {
    const changes = ['d', 'b', 'a', 'c'].map((id) => change(id, now));
    expect(changesSince(changes, { until: 0 }).map(({ conversationId }) => conversationId)).toEqual([
      'a',
      'b',
      'c',
      'd',
    ]);
    const rest = changesSince(changes, { until: now, lastSent: { at: now, conversationId: 'b' } });
    expect(rest.map(({ conversationId }) => conversationId)).toEqual(['c', 'd']);
  });

  it('ends a round of many pages at its beginning', () => {
    expect(endOfRound({ until: 5 }, now)).toEqual({ until: now });
    expect(endOfRound(undefined, now)).toEqual({ until: now });
    expect(endOfRound({ until: 5, lastSent: { at: 1, conversationId: 'a' } }, now)).toEqual({ until: 5 });
  });
});
