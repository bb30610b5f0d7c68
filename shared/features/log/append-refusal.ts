import { clockSkew, conversationBusy, idempotencyConflict, throttled } from '../../contract/problems.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import type { AppendOutcome } from './append-to-log.ts';

const busyRetryMs = 1000;

type Refused = Exclude<AppendOutcome, { kind: 'written' | 'duplicate' | 'stopped' }>;

export function refusalOf(
  outcome: Refused,
): Refusal<typeof throttled | typeof clockSkew | typeof idempotencyConflict | typeof conversationBusy> {
  return outcome.kind === 'throttled'
    ? refuse(throttled, { retryAfterMs: outcome.retryAfterMs })
    : refusalOfUnlimited(outcome);
}

/** For entries without a limit per minute. */
export function refusalOfUnlimited(
  outcome: Refused,
): Refusal<typeof clockSkew | typeof idempotencyConflict | typeof conversationBusy> {
  switch (outcome.kind) {
    case 'clock-skew':
      return refuse(clockSkew, { serverTime: toTimestamp(now()) });
    case 'idempotency-conflict':
      return refuse(idempotencyConflict);
    case 'busy':
      return refusalOfBusy();
    case 'throttled':
      throw new Error('The log limited an entry that has no limit');
  }
}

/** For ids that the server creates, which are never rejected. */
export function refusalOfOwn(outcome: Refused): Refusal<typeof throttled | typeof conversationBusy> {
  switch (outcome.kind) {
    case 'throttled':
      return refuse(throttled, { retryAfterMs: outcome.retryAfterMs });
    case 'busy':
      return refusalOfBusy();
    default:
      throw new Error(`The log rejected an id that the server created: ${outcome.kind}`);
  }
}

export function refusalOfBusy(): Refusal<typeof conversationBusy> {
  return refuse(conversationBusy, { retryAfterMs: busyRetryMs });
}
