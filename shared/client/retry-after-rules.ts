import type { ProblemBody } from '../contract/kit/define-problem.ts';

/** Timers overflow at 2^31 ms, and a message must not wait for days. */
const longestWaitMs = 60 * 60 * 1000;
/** Prevents a busy loop. */
const shortestWaitMs = 100;

/** Milliseconds, at most an hour. */
export function waitOf({ retryAfterMs }: Pick<ProblemBody, 'retryAfterMs'>): number | undefined {
  if (typeof retryAfterMs !== 'number' || !(retryAfterMs > 0)) return undefined;
  return Math.min(longestWaitMs, Math.max(shortestWaitMs, retryAfterMs));
}

/**
 * Milliseconds. A date (RFC 9110, section 10.2.3) is relative to the answer's `Date`, if present. Undefined for the
 * past or other values.
 *
 * @param deviceNow milliseconds since the epoch.
 */
export function retryAfterMsOf(headers: Pick<Headers, 'get'>, deviceNow: number): number | undefined {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // `Date.parse` accepts nearly any text with a number.
  if (!/^[A-Z][a-z]{2,8},? .*\d\d:\d\d:\d\d/.test(text)) return undefined;
  const now = Date.parse(headers.get('date') ?? '');
  const waitMs = Date.parse(text) - (Number.isNaN(now) ? deviceNow : now);
  return waitMs > 0 ? waitMs : undefined;
}
