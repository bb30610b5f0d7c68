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

describe('a refusal', () => {
  it.each([
    ['THROTTLED', 429, { afterMs: 1500, uncertain: false }],
    ['CONVERSATION_BUSY', 503, { afterMs: 1500, uncertain: false }],
    ['SERVICE_BUSY', 503, { afterMs: 1500, uncertain: true }],
    ['INTERNAL_ERROR', 500, { afterMs: 1500, uncertain: true }],
  ])('%s is repeated after the time that the server names', (code, status, expected) => {
    const problem = refusal(status, code, { retryable: true, retryAfterMs: 1500 });
    expect(judgeAnswer(attempted(), problem)).toEqual({ kind: 'repeat', ...expected });
  });

  it('of the session waits for a new one', () => {
    for (const code of ['SESSION_ENDED', 'UNAUTHENTICATED']) {
      expect(judgeAnswer(attempted(), refusal(401, code))).toMatchObject({ kind: 'repeat', uncertain: false });
    }
  });

  it.each(['MESSAGE_TOO_LONG', 'CONVERSATION_NOT_FOUND', 'IDEMPOTENCY_CONFLICT', 'VALIDATION_FAILED', 'FORBIDDEN'])(
    '%s is for good',
    (code) => {
      expect(judgeAnswer(attempted(), refusal(422, code))).toEqual({ kind: 'give-up' });
    },
  );
});

describe('a clock skew', () => {
  it('gives a message that was never stored an id of the server’s time', () => {
    for (const madeAt of [now + 10 * minute, now - 31 * day]) {
      expect(judgeAnswer(attempted(madeAt), skew)).toEqual({ kind: 'new-id', serverTime: now });
    }
  });

  it('gives one whose id leads the clock by far a new id even after a lost answer: it never was acceptable', () => {
    expect(judgeAnswer(attempted(now + 10 * minute, true), skew)).toEqual({ kind: 'new-id', serverTime: now });
  });

  it('keeps an id that leads the clock by little after a lost answer, and waits until it is acceptable', () => {
    const verdict = judgeAnswer(attempted(now + 2.5 * minute, true), skew);
    expect(verdict).toEqual({ kind: 'repeat', afterMs: 0.5 * minute, uncertain: false });
  });

  it('gives up a message that became too old after a lost answer: it may be stored', () => {
    expect(judgeAnswer(attempted(now - 31 * day, true), skew)).toEqual({ kind: 'give-up' });
  });

  it('gives up when the time was right, or is not told: another id would be refused as well', () => {
    expect(judgeAnswer(attempted(now), skew)).toEqual({ kind: 'give-up' });
    expect(judgeAnswer(attempted(now + 10 * minute), refusal(422, 'CLOCK_SKEW'))).toEqual({ kind: 'give-up' });
  });
});
