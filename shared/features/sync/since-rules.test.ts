import { describe, expect, it } from 'vitest';
import { changesSince, endOfRound, type PartChange, readSinceToken, sinceToken } from './since-rules.ts';

const minute = 60_000;
const now = 1_000 * minute;
const change = (conversationId: string, at: number): PartChange => ({ conversationId, at, left: false });

describe('a token of what was told', () => {
  it('comes back as it was', () => {
    for (const since of [{ until: now }, { until: now, told: { at: now - minute, conversationId: 'c' } }]) {
      expect(readSinceToken(sinceToken(since), now)).toEqual(since);
    }
  });

  it('of the future tells no more than now', () => {
    expect(readSinceToken(sinceToken({ until: now + minute }), now)).toEqual({ until: now });
  });

  it.each(['', 'x', 'e30', Buffer.from('["1"]').toString('base64url'), Buffer.from('[-1]').toString('base64url')])(
    'that is none (%s) stands for the beginning',
    (token) => expect(readSinceToken(token, now)).toEqual({ until: 0 }),
  );
});

describe('changes since a token', () => {
  it('are those after it, the oldest first, and again those shortly before', () => {
    const changes = [change('late', now + 1), change('old', now - 3 * minute), change('close', now - minute)];
    expect(changesSince(changes, { until: now }).map((one) => one.conversationId)).toEqual(['close', 'late']);
  });

  it('in a round go on after what was told last, each once, also those of the same moment', () => {
    const changes = ['d', 'b', 'a', 'c'].map((id) => change(id, now));
    expect(changesSince(changes, { until: 0 }).map((one) => one.conversationId)).toEqual(['a', 'b', 'c', 'd']);
    const rest = changesSince(changes, { until: now, told: { at: now, conversationId: 'b' } });
    expect(rest.map((one) => one.conversationId)).toEqual(['c', 'd']);
  });

  it('of a round with many pages count until its beginning', () => {
    expect(endOfRound({ until: 5 }, now)).toEqual({ until: now });
    expect(endOfRound(undefined, now)).toEqual({ until: now });
    expect(endOfRound({ until: 5, told: { at: 1, conversationId: 'a' } }, now)).toEqual({ until: 5 });
  });
});
