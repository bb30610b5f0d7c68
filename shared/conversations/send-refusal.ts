import type { sendProblems } from '../contract/messages/send-message.ts';
import { clockSkew, conversationBusy, idempotencyConflict, throttled } from '../contract/problems.ts';
import { type Refusal, refuse } from '../handler/refusal.ts';
import { now, toTimestamp } from '../runtime/clock.ts';
import type { AppendOutcome } from './log/append-to-log.ts';

const busyRetryMs = 1000;

/** What a sender is told when the log did not take the message. */
export function refusalOf(
  outcome: Exclude<AppendOutcome, { kind: 'written' | 'duplicate' }>,
): Refusal<(typeof sendProblems)[number]> {
  switch (outcome.kind) {
    case 'throttled':
      return refuse(throttled, { retryAfterMs: outcome.retryAfterMs });
    case 'clock-skew':
      return refuse(clockSkew, { serverTime: toTimestamp(now()) });
    case 'idempotency-conflict':
      return refuse(idempotencyConflict);
    case 'busy':
      return refuse(conversationBusy, { retryAfterMs: busyRetryMs });
  }
}
