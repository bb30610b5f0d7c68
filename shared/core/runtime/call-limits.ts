/**
 * Ends calls to AWS that get no response, so that the client repeats them on another connection. Without
 * `throwOnRequestTimeout`, the SDK only logs a warning, and a lost connection lasts until the function's timeout.
 * https://github.com/smithy-lang/smithy-typescript/blob/main/packages/node-http-handler/src/set-request-timeout.ts
 */
export const callLimits = { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true } as const;

/** For calls that transfer a file, and for mails, which an early repetition would send twice. */
export const slowCallLimits = { ...callLimits, requestTimeout: 10_000 } as const;
