import type { ProblemBody } from '../contract/kit/define-problem.ts';

/** Limits longer waits, because timers overflow at 2^31 ms and a message must not wait for days. */
const longestWaitMs = 60 * 60 * 1000;
/** Keeps the client from retrying in a busy loop. */
const shortestWaitMs = 100;

/** The milliseconds that a problem asks the client to wait, if any: at most an hour. */
export function waitOf({ retryAfterMs }: Pick<ProblemBody, 'retryAfterMs'>): number | undefined {
  if (typeof retryAfterMs !== 'number' || !(retryAfterMs > 0)) return undefined;
  return Math.min(longestWaitMs, Math.max(shortestWaitMs, retryAfterMs));
}

/**
 * Reads `Retry-After` in milliseconds. It contains seconds or a date (RFC 9110, section 10.2.3), which is compared with
 * the answer's own `Date` if there is one. Returns undefined for anything else and for the past.
 *
 * @param deviceNow milliseconds since the epoch.
 */
export function retryAfterMsOf(headers: Pick<Headers, 'get'>, deviceNow: number): number | undefined {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // `Date.parse` alone would accept nearly any text with a number.
  if (!/^[A-Z][a-z]{2,8},? .*\d\d:\d\d:\d\d/.test(text)) return undefined;
  const now = Date.parse(headers.get('date') ?? '');
  const waitMs = Date.parse(text) - (Number.isNaN(now) ? deviceNow : now);
  return waitMs > 0 ? waitMs : undefined;
}
