const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * Pauses after the first failures. Later ones have the last pause.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
const pauses: readonly number[] = [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour];

/** A delivery is attempted for this long. */
export const deliveryLifeMs = day;

const longestRetryAfterMs = day;
/** Keeps deliveries that failed together from returning together. */
const jitterShare = 0.1;

/**
 * @param failures - so far, from 1.
 * @param jitter - from 0 to 1, exclusive.
 */
export function pauseAfter(failures: number, jitter: number): number {
  const pause = pauses[Math.min(failures, pauses.length) - 1] ?? 0;
  return Math.round(pause * (1 + jitterShare * jitter));
}

export interface FailedAttempt {
  readonly at: number;
  /** Of this delivery, including this one. */
  readonly failures: number;
  readonly createdAt: number;
  readonly retryAfterMs?: number | undefined;
  readonly jitter: number;
}

/** @returns undefined if the delivery's life is over. The last attempt is at its end. */
export function nextAttemptAt({
  at,
  failures,
  createdAt,
  retryAfterMs = 0,
  jitter,
}: FailedAttempt): number | undefined {
  const end = createdAt + deliveryLifeMs;
  if (at >= end) return undefined;
  const next = at + Math.max(pauseAfter(failures, jitter), Math.min(retryAfterMs, longestRetryAfterMs));
  return Math.max(Math.min(next, end), at + 1);
}

/**
 * Reads the header `Retry-After`: seconds, or a date. https://datatracker.ietf.org/doc/html/rfc9110#section-10.2.3
 * @returns undefined for anything else.
 */
export function retryAfterMs(header: string | undefined, at: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const wait = /^\d{1,9}$/.test(text) ? Number(text) * second : /GMT$/.test(text) ? Date.parse(text) - at : NaN;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(0, wait), longestRetryAfterMs);
}
