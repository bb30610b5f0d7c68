import {
  clockSkew,
  conversationBusy,
  idempotencyConflict,
  messageTooLong,
  throttled,
} from '../../contract/problems.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import type { AppendOutcome } from '../log/append-to-log.ts';
import { tooLong } from './text-rules.ts';

const busyRetryMs = 1000;

type Refused = Exclude<AppendOutcome, { kind: 'written' | 'duplicate' | 'stopped' }>;

/** The refusal of an entry that the log did not accept. */
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

/** The same for entries whose ids the server makes, and which therefore cannot be wrong. */
export function refusalOfOwn(outcome: Refused): Refusal<typeof throttled | typeof conversationBusy> {
  if (outcome.kind === 'clock-skew' || outcome.kind === 'idempotency-conflict') {
    throw new Error(`An id of our own was refused: ${outcome.kind}`);
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

/** The refusal of a text that is longer than its author may write. */
export function refusalOfText(
  text: string | undefined,
  role: string,
  tenantLimit: number,
): Refusal<typeof messageTooLong> | undefined {
  const over = text === undefined ? undefined : tooLong(text, role, tenantLimit);
  if (over === undefined) return undefined;
  return refuse(messageTooLong, {
    detail: `The text has ${over.length} characters; the limit is ${over.limit}.`,
    errors: [{ pointer: '/text', code: 'too_big', detail: `must have at most ${over.limit} characters` }],
  });
}
