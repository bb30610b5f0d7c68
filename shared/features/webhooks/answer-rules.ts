import type { EgressAnswer } from '../../core/egress/call-address.ts';
import { shownError } from '../../core/egress/network-error-rules.ts';
import type { Outcome } from '../lanes/lane-kind.ts';
import { retryAfterMs } from '../lanes/schedule-rules.ts';

/** The receiver cannot work at present. https://datatracker.ietf.org/doc/html/rfc9110#section-15.6 */
const overloaded: readonly number[] = [429, 502, 503, 504];

export function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}

/** Success is any 2xx, so a redirect is a failure. `410` ends the webhook. */
export function outcomeOf(answer: EgressAnswer, at: number): Outcome {
  if (!answer.answered) {
    const { error, status } = answer;
    if (error === 'too-large' && status !== undefined) {
      return isSuccess(status)
        ? { kind: 'delivered', status }
        : { kind: 'failed', error: 'too-large', of: 'item', status };
    }
    return { kind: 'failed', error: shownError(error), of: 'destination' };
  }
  const { status, headers } = answer;
  const shown = { status, answer: answer.body.toString('utf8') };
  if (isSuccess(status)) return { kind: 'delivered', ...shown };
  if (status === 410) return { kind: 'gone', error: 'gone', ...shown };
  return {
    kind: 'failed',
    error: 'status',
    of: overloaded.includes(status) ? 'destination' : 'item',
    retryAfterMs: retryAfterMs(headers['retry-after'], at),
    ...shown,
  };
}
