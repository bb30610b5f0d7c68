import { describe, expect, it } from 'vitest';
import type { EgressAnswer } from '../../core/egress/call-address.ts';
import { outcomeOf } from './answer-rules.ts';

const at = Date.parse('2026-12-01T10:00:00Z');
const answered = (status: number, headers: Record<string, string> = {}): EgressAnswer => ({
  ...{ answered: true, status, headers, body: Buffer.from('text') },
});

describe('outcomeOf', () => {
  it.each([200, 201, 202, 204, 299])('accepts %i', (status) => {
    expect(outcomeOf(answered(status), at)).toEqual({ kind: 'delivered', status, answer: 'text' });
  });

  it.each([301, 302, 308, 400, 401, 404, 500])('takes %i as a failure of the delivery', (status) => {
    expect(outcomeOf(answered(status), at)).toMatchObject({ kind: 'failed', error: 'status', of: 'item', status });
  });

  it.each([429, 502, 503, 504])('takes %i as a failure of the receiver', (status) => {
    const outcome = outcomeOf(answered(status, { 'retry-after': '120' }), at);
    expect(outcome).toMatchObject({ kind: 'failed', of: 'destination', status, retryAfterMs: 120_000 });
  });

  it('ends the webhook for 410', () => {
    expect(outcomeOf(answered(410), at)).toMatchObject({ kind: 'gone', status: 410 });
  });

  it.each([
    ['blocked', 'refused'],
    ['refused', 'refused'],
    ['dns', 'dns'],
    ['timeout', 'timeout'],
    ['tls', 'tls'],
    ['reset', 'reset'],
  ] as const)('shows the error %s as %s', (error, shown) => {
    expect(outcomeOf({ answered: false, error }, at)).toEqual({ kind: 'failed', error: shown, of: 'destination' });
  });

  it('accepts a success with a large answer', () => {
    expect(outcomeOf({ answered: false, error: 'too-large', status: 200 }, at)).toMatchObject({ kind: 'delivered' });
    expect(outcomeOf({ answered: false, error: 'too-large', status: 500 }, at)).toMatchObject({ kind: 'failed' });
  });
});
