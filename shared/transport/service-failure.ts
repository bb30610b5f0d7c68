import { internalError, serviceBusy } from '../contract/problems.ts';
import { type Refusal, refuse } from '../core/refusal.ts';

/** Long enough for a bucket of tokens to fill again, short enough for people who wait. */
const retryAfterMs = 1000;

/**
 * How services say that they are asked too often, over all of those that we ask, and how the SDK says that one did not
 * answer in time. https://docs.aws.amazon.com/general/latest/gr/api-retries.html
 */
const busyNames: ReadonlySet<string> = new Set([
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestTimeout',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TimeoutError',
  'TooManyRequestsException',
  'TransactionInProgressException',
]);

/** A transaction that met others until its attempts were used up, or was throttled, is no mistake of ours either. */
const busyReasons: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceeded',
  'ThrottlingError',
  'TransactionConflict',
]);

interface ServiceError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly CancellationReasons?: readonly { readonly Code?: string }[];
}

/** What a caller is told of an error that nobody expected: to come again, if a service was overloaded or did not answer. */
export function refusalOfError(error: unknown): Refusal<typeof serviceBusy | typeof internalError> {
  return isBusy(error) ? refuse(serviceBusy, { retryAfterMs }) : refuse(internalError);
}

function isBusy(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, $metadata, CancellationReasons: reasons = [] } = error as ServiceError;
  return (
    busyNames.has(name) ||
    isLostConnection(error) ||
    ($metadata?.httpStatusCode ?? 0) >= 500 ||
    reasons.some(({ Code: code }) => code !== undefined && busyReasons.has(code))
  );
}

/** Node's errors of sockets have a code (`ECONNRESET`, `EPIPE` …), which services' errors have not. */
function isLostConnection(error: Error & { readonly code?: unknown }): boolean {
  return typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code);
}
