import type { ProblemBody } from '../contract/kit/define-problem.ts';

/** A longer wait counts as a mistake: timers overflow at 2^31 ms, and a message must not be delayed for days. */
const longestWaitMs = 60 * 60 * 1000;
/** A shorter wait would let the client retry without a pause. */
const shortestWaitMs = 100;

/** Milliseconds to wait before the next attempt, if a refusal names a sensible time: at most an hour. */
export function waitOf({ retryAfterMs }: Pick<ProblemBody, 'retryAfterMs'>): number | undefined {
  if (typeof retryAfterMs !== 'number' || !(retryAfterMs > 0)) return undefined;
  return Math.min(longestWaitMs, Math.max(shortestWaitMs, retryAfterMs));
}

/**
 * `Retry-After` in milliseconds: seconds, or a date (RFC 9110, section 10.2.3), measured by the server's clock if that
 * is known. Undefined for anything else and for the past.
 *
 * @param deviceNow milliseconds since the epoch.
 */
export function retryAfterMsOf(headers: Pick<Headers, 'get'>, deviceNow: number): number | undefined {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // `Date.parse` alone finds a date in nearly any text with a number.
  if (!/^[A-Z][a-z]{2,8},? .*\d\d:\d\d:\d\d/.test(text)) return undefined;
  const now = Date.parse(headers.get('date') ?? '');
  const waitMs = Date.parse(text) - (Number.isNaN(now) ? deviceNow : now);
  return waitMs > 0 ? waitMs : undefined;
}
