/** The first attempt included. */
export const maxAttempts = 3;

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
const baseDelayMs = { transient: 50, throttling: 500 } as const;

/** The lists of `@smithy/core`, in `retry/service-error-classification/constants.js`. */
const throttling: ReadonlySet<unknown> = new Set([
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionInProgressException',
]);
const timeouts: ReadonlySet<unknown> = new Set(['TimeoutError', 'RequestTimeout', 'RequestTimeoutException']);
const lostConnections: ReadonlySet<unknown> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

interface FailedCall extends Error {
  /** Node's, of a lost connection. */
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** @returns undefined for an error that a repetition would only repeat. */
export function retryKind(error: unknown): keyof typeof baseDelayMs | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, code, $metadata } = error as FailedCall;
  const status = $metadata?.httpStatusCode ?? 0;
  if (throttling.has(name) || status === 429) return 'throttling';
  return timeouts.has(name) || lostConnections.has(code) || status >= 500 ? 'transient' : undefined;
}

/**
 * Full jitter spreads the repetitions of many callers.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 *
 * @param attempt the one that failed, from 1.
 * @param random from 0 to 1.
 * @returns milliseconds.
 */
export function retryDelayMs(kind: keyof typeof baseDelayMs, attempt: number, random: number): number {
  return random * baseDelayMs[kind] * 2 ** (attempt - 1);
}
