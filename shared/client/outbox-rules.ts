import type { ProblemBody } from '../contract/kit/define-problem.ts';
import type { PendingMessage } from './pending-message.ts';
import { timeOfClientMessageId } from './client-message-id-time.ts';
import { waitOf } from './retry-after-rules.ts';

export type Verdict =
  /** Same id, after `afterMs` or the usual wait. `uncertain`: the server may have stored the message. */
  | { readonly kind: 'repeat'; readonly afterMs: number | undefined; readonly uncertain: boolean }
  /** The server never stored the old id. Retry immediately with an id of this time. */
  | { readonly kind: 'new-id'; readonly serverTime: number }
  | { readonly kind: 'give-up' };

interface Attempted {
  readonly clientMessageId: string;
  readonly uncertain: boolean;
}

/** These guarantee that nothing was stored. */
const certainRefusals = new Set(['THROTTLED', 'CONVERSATION_BUSY']);
/** The server accepts ids this far ahead of its clock. */
const clockLeadMs = 2 * 60 * 1000;
/** The server rejects ids after 30 days. */
const oldestMs = 29 * 24 * 60 * 60 * 1000;
/** Longer than the clocks of two servers differ. */
const serversApartMs = 60 * 1000;

export function judgeAnswer(attempted: Attempted, problem: ProblemBody): Verdict {
  const { code, status, retryable } = problem;
  if (code === 'CLOCK_SKEW') return judgeClockSkew(attempted, problem);
  if (retryable) return { kind: 'repeat', afterMs: waitOf(problem), uncertain: !certainRefusals.has(code) };
  // Waits for a renewed session or a login.
  if (status === 401) return { kind: 'repeat', afterMs: waitOf(problem), uncertain: false };
  return { kind: 'give-up' };
}

/**
 * Only a message that was never stored may get a new id. An id too far ahead now was never accepted earlier either. An
 * id too old now may have been.
 */
function judgeClockSkew(attempted: Attempted, problem: ProblemBody): Verdict {
  const serverTime = Date.parse(problem.serverTime ?? '');
  if (!Number.isFinite(serverTime)) return { kind: 'give-up' };
  const leadMs = timeOfClientMessageId(attempted.clientMessageId) - serverTime;
  // The id's time is right, so the server would reject a new id too.
  if (leadMs < clockLeadMs / 2 && leadMs > -oldestMs) return { kind: 'give-up' };
  if (!attempted.uncertain || leadMs > clockLeadMs + serversApartMs) return { kind: 'new-id', serverTime };
  if (leadMs > 0) return { kind: 'repeat', afterMs: Math.max(1000, leadMs - clockLeadMs), uncertain: false };
  return { kind: 'give-up' };
}

/** The last attempt's outcome is unknown. */
export function restored(pending: PendingMessage): PendingMessage {
  const { retryAt: _, ...rest } = pending;
  return { ...rest, state: 'queued', uncertain: pending.state === 'sending' || pending.uncertain };
}
