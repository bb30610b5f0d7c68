import { clockSkew, conversationBusy, idempotencyConflict, throttled } from '../../contract/problems.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import type { AppendOutcome } from '../log/append-to-log.ts';

const busyRetryMs = 1000;

type Refused = Exclude<AppendOutcome, { kind: 'written' | 'duplicate' | 'stopped' }>;

export function refusalOf(
  outcome: Refused,
): Refusal<typeof throttled | typeof clockSkew | typeof idempotencyConflict | typeof conversationBusy> {
  switch (outcome.kind) {
    case 'clock-skew':
      return refuse(clockSkew, { serverTime: toTimestamp(now()) });
    case 'idempotency-conflict':
      return refuse(idempotencyConflict);
    default:
      return busyOrThrottled(outcome);
  }
}

/** For ids that the server creates, which are never rejected. */
export function refusalOfOwn(outcome: Refused): Refusal<typeof throttled | typeof conversationBusy> {
  if (outcome.kind === 'clock-skew' || outcome.kind === 'idempotency-conflict') {
    throw new Error(`The log rejected an id that the server created: ${outcome.kind}`);
  }
  return busyOrThrottled(outcome);
}

function busyOrThrottled(
  outcome: Extract<Refused, { kind: 'throttled' | 'busy' }>,
): Refusal<typeof throttled | typeof conversationBusy> {
  return outcome.kind === 'throttled'
    ? refuse(throttled, { retryAfterMs: outcome.retryAfterMs })
    : refuse(conversationBusy, { retryAfterMs: busyRetryMs });
}
