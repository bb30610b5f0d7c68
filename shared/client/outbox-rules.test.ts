import { describe, expect, it } from 'vitest';
import { newClientMessageId } from './client-message-id.ts';
import { refusal } from './http-test-builders.ts';
import { judgeAnswer } from './outbox-rules.ts';

const now = Date.UTC(2026, 10, 21, 12);
const minute = 60_000;
const day = 24 * 60 * minute;

function attempted(madeAt = now, uncertain = false) {
  return { clientMessageId: newClientMessageId(madeAt), uncertain };
}
const skew = refusal(422, 'CLOCK_SKEW', { serverTime: new Date(now).toISOString() });

describe('a rejection', () => {
  it.each([
    ['THROTTLED', 429, { afterMs: 1500, uncertain: false }],
    ['CONVERSATION_BUSY', 503, { afterMs: 1500, uncertain: false }],
    ['SERVICE_BUSY', 503, { afterMs: 1500, uncertain: true }],
    ['INTERNAL_ERROR', 500, { afterMs: 1500, uncertain: true }],
  ])('%s leads to a retry after the time that the server names', (code, status, expected) => {
    const problem = refusal(status, code, { retryable: true, retryAfterMs: 1500 });
    expect(judgeAnswer(attempted(), problem)).toEqual({ kind: 'repeat', ...expected });
  });

  it('leads to a retry when it ends the session', () => {
    for (const code of ['SESSION_ENDED', 'UNAUTHENTICATED']) {
      expect(judgeAnswer(attempted(), refusal(401, code))).toMatchObject({ kind: 'repeat', uncertain: false });
    }
  });

  it.each(['MESSAGE_TOO_LONG', 'CONVERSATION_NOT_FOUND', 'IDEMPOTENCY_CONFLICT', 'VALIDATION_FAILED', 'FORBIDDEN'])(
    '%s leads to no retry',
    (code) => {
      expect(judgeAnswer(attempted(), refusal(422, code))).toEqual({ kind: 'give-up' });
    },
  );
});

describe('a clock skew', () => {
  it('leads to an id with the server’s time for a message that was never stored', () => {
    for (const madeAt of [now + 10 * minute, now - 31 * day]) {
      expect(judgeAnswer(attempted(madeAt), skew)).toEqual({ kind: 'new-id', serverTime: now });
    }
  });

  it('leads to a new id after a lost answer when the old id leads the clock further than servers accept', () => {
    expect(judgeAnswer(attempted(now + 10 * minute, true), skew)).toEqual({ kind: 'new-id', serverTime: now });
  });

  it('keeps an id that leads the clock slightly after a lost answer, and waits until it is valid', () => {
    const verdict = judgeAnswer(attempted(now + 2.5 * minute, true), skew);
    expect(verdict).toEqual({ kind: 'repeat', afterMs: 0.5 * minute, uncertain: false });
  });

  it('gives up a message that became too old after a lost answer, because it may be stored', () => {
    expect(judgeAnswer(attempted(now - 31 * day, true), skew)).toEqual({ kind: 'give-up' });
  });

  it('gives up when the id’s time is right or the server’s is unknown, because a new id would not help', () => {
    expect(judgeAnswer(attempted(now), skew)).toEqual({ kind: 'give-up' });
    expect(judgeAnswer(attempted(now + 10 * minute), refusal(422, 'CLOCK_SKEW'))).toEqual({ kind: 'give-up' });
  });
});
