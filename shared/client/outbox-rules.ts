import type { ProblemBody } from '../contract/kit/define-problem.ts';
import { timeOfClientMessageId } from './client-message-id-time.ts';
import { waitOf } from './retry-after-rules.ts';

/** The reaction to a rejected attempt. */
export type Verdict =
  /** Retry with the same id, after `afterMs` or the usual wait. `uncertain`: the server may have stored the message. */
  | { readonly kind: 'repeat'; readonly afterMs: number | undefined; readonly uncertain: boolean }
  /** Retry immediately with an id of this time. The server never stored the message under the old id. */
  | { readonly kind: 'new-id'; readonly serverTime: number }
  | { readonly kind: 'give-up' };

interface Attempted {
  readonly clientMessageId: string;
  readonly uncertain: boolean;
}

/** Retryable problems that guarantee that nothing was stored. */
const certainRefusals = new Set(['THROTTLED', 'CONVERSATION_BUSY']);
/** The server accepts ids whose time leads its clock by up to this much. */
const clockLeadMs = 2 * 60 * 1000;
/** Less than the 30 days after which the server rejects an id. */
const oldestMs = 29 * 24 * 60 * 60 * 1000;
/** More than the clocks of two servers can differ. */
const serversApartMs = 60 * 1000;

export function judgeAnswer(attempted: Attempted, problem: ProblemBody): Verdict {
  const { code, status, retryable } = problem;
  if (code === 'CLOCK_SKEW') return judgeClockSkew(attempted, problem);
  if (retryable) return { kind: 'repeat', afterMs: waitOf(problem), uncertain: !certainRefusals.has(code) };
  // The message waits until the session is renewed or the user logs in.
  if (status === 401) return { kind: 'repeat', afterMs: waitOf(problem), uncertain: false };
  return { kind: 'give-up' };
}

/**
 * A message may get a new id only if it was certainly never stored. An id that leads the clock too much now led it even
 * more in earlier attempts, so the server accepted none of them. An id that is too old now may have been accepted.
 */
function judgeClockSkew(attempted: Attempted, problem: ProblemBody): Verdict {
  const serverTime = Date.parse(problem.serverTime ?? '');
  if (!Number.isFinite(serverTime)) return { kind: 'give-up' };
  const leadMs = timeOfClientMessageId(attempted.clientMessageId) - serverTime;
  // The time of the id is right, so the server would reject a new id as well.
  if (leadMs < clockLeadMs / 2 && leadMs > -oldestMs) return { kind: 'give-up' };
  if (!attempted.uncertain || leadMs > clockLeadMs + serversApartMs) return { kind: 'new-id', serverTime };
  if (leadMs > 0) return { kind: 'repeat', afterMs: Math.max(1000, leadMs - clockLeadMs), uncertain: false };
  return { kind: 'give-up' };
}
