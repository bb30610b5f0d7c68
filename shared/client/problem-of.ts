import type { ProblemBody } from '../contract/kit/define-problem.ts';
import { retryAfterMsOf } from './retry-after-rules.ts';

/** 407 comes from proxies that require a login. */
const retryableStatuses = new Set([407, 408, 425, 429]);

/** CloudFront, API Gateway and proxies use other formats, which become `HTTP_<status>`. */
export function problemOf(response: Pick<Response, 'status' | 'headers'>, json: unknown): ProblemBody {
  if (isProblem(json)) return json;
  const { status, headers } = response;
  const retryAfterMs = retryAfterMsOf(headers, Date.now());
  const requestId = headers.get('x-request-id') ?? headers.get('apigw-requestid') ?? headers.get('x-amz-cf-id') ?? '';
  // HTML without a request id comes from a proxy or a network's login page.
  const isForeign = requestId === '' && /\bhtml\b/i.test(headers.get('content-type') ?? '');
  return {
    type: 'about:blank',
    title: `Rejected with status ${status}`,
    status,
    detail: `The server answered with status ${status}.`,
    code: status === 401 ? 'UNAUTHENTICATED' : `HTTP_${status}`,
    retryable: isForeign || retryableStatuses.has(status) || status >= 500,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    requestId,
  };
}

export function problemOfError(error: unknown): ProblemBody {
  return {
    type: 'about:blank',
    title: 'Not sent',
    status: 0,
    detail: error instanceof Error ? error.message : String(error),
    code: 'NOT_SENDABLE',
    retryable: false,
    requestId: '',
  };
}

/** Problems that the client creates have the type `about:blank`. */
export function isOfService({ type }: ProblemBody): boolean {
  return type !== 'about:blank';
}

export function isProblem(value: unknown): value is ProblemBody {
  if (typeof value !== 'object' || value === null) return false;
  const { code, status, retryable } = value as Partial<ProblemBody>;
  return typeof code === 'string' && typeof status === 'number' && typeof retryable === 'boolean';
}
