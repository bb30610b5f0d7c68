import type { ProblemBody } from '../contract/kit/define-problem.ts';
import { timeOfClientMessageId } from './client-message-id-time.ts';
import { waitOf } from './retry-after-rules.ts';

/** What a refused attempt means for the message. */
export type Verdict =
  /** The same id again, after the given time or the usual one. `uncertain`: it may have been stored nevertheless. */
  | { readonly kind: 'repeat'; readonly afterMs: number | undefined; readonly uncertain: boolean }
  /** Never stored under the present id: again at once, under an id of this time. */
  | { readonly kind: 'new-id'; readonly serverTime: number }
  | { readonly kind: 'give-up' };

interface Attempted {
  readonly clientMessageId: string;
  readonly uncertain: boolean;
}

/** Refused before anything was done, and worth repeating. */
const certainRefusals = new Set(['THROTTLED', 'CONVERSATION_BUSY']);
/** How far an id's time may lead the server's clock. */
const clockLeadMs = 2 * 60 * 1000;
/** Ids are refused from an age of 30 days. */
const oldestMs = 29 * 24 * 60 * 60 * 1000;
/** More than the clocks of two servers can be apart. */
const serversApartMs = 60 * 1000;

/** Decides what follows from a refusal. */
export function judgeAnswer(attempted: Attempted, problem: ProblemBody): Verdict {
  const { code, status, retryable } = problem;
  if (code === 'CLOCK_SKEW') return judgeClockSkew(attempted, problem);
  if (retryable) return { kind: 'repeat', afterMs: waitOf(problem), uncertain: !certainRefusals.has(code) };
  // The session: it is being renewed, or the person has to log in. The message waits for it.
  if (status === 401) return { kind: 'repeat', afterMs: waitOf(problem), uncertain: false };
  return { kind: 'give-up' };
}

/**
 * A new id is for messages that were certainly never stored. An id that leads the clock by so much now has led it even
 * more before, so no earlier attempt was accepted either. An id that has become too old may have been accepted when it
 * was not.
 */
function judgeClockSkew(attempted: Attempted, problem: ProblemBody): Verdict {
  const serverTime = Date.parse(problem.serverTime ?? '');
  if (!Number.isFinite(serverTime)) return { kind: 'give-up' };
  const leadMs = timeOfClientMessageId(attempted.clientMessageId) - serverTime;
  // Refused although its time is right: another id would be refused as well.
  if (leadMs < clockLeadMs / 2 && leadMs > -oldestMs) return { kind: 'give-up' };
  if (!attempted.uncertain || leadMs > clockLeadMs + serversApartMs) return { kind: 'new-id', serverTime };
  if (leadMs > 0) return { kind: 'repeat', afterMs: Math.max(1000, leadMs - clockLeadMs), uncertain: false };
  return { kind: 'give-up' };
}
