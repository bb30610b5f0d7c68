import { internalError, serviceBusy } from '../contract/problems.ts';
import { type Refusal, refuse } from '../core/refusal.ts';

/** Long enough for a token bucket to fill again. */
const retryAfterMs = 1000;

/**
 * Errors of AWS services for excessive rates, and the SDK's timeout.
 * https://docs.aws.amazon.com/general/latest/gr/api-retries.html
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

const busyReasons: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceeded',
  'ThrottlingError',
  'TransactionConflict',
]);

interface ServiceError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly CancellationReasons?: readonly { readonly Code?: string }[];
}

/** Turns an unexpected error into a refusal. The client should retry if a service was overloaded or did not respond. */
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

/** Node's socket errors have a code; errors of services do not. */
function isLostConnection(error: Error & { readonly code?: unknown }): boolean {
  return typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code);
}
