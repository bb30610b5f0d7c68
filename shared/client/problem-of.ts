import type { ProblemBody } from '../contract/kit/define-problem.ts';

/**
 * The problem of a refused request. What stands before the service (the distribution, the API's own throttle, a proxy)
 * refuses in forms of its own: it gets the code `HTTP_<status>`, and what is worth repeating is marked so.
 */
export function problemOf(response: Pick<Response, 'status' | 'headers'>, json: unknown): ProblemBody {
  if (isProblem(json)) return json;
  const { status, headers } = response;
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return {
    type: 'about:blank',
    title: `Refused with status ${status}`,
    status,
    detail: `The server answered with status ${status}.`,
    code: status === 401 ? 'UNAUTHENTICATED' : `HTTP_${status}`,
    retryable: status === 408 || status === 425 || status === 429 || status >= 500,
    ...(Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {}),
    requestId: headers.get('x-request-id') ?? headers.get('apigw-requestid') ?? headers.get('x-amz-cf-id') ?? '',
  };
}

/** Whether a value is a problem as the API makes them. */
export function isProblem(value: unknown): value is ProblemBody {
  if (typeof value !== 'object' || value === null) return false;
  const { code, status, retryable } = value as Partial<ProblemBody>;
  return typeof code === 'string' && typeof status === 'number' && typeof retryable === 'boolean';
}
