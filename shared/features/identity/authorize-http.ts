import type { APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda';
import type { Denial } from '../../transport/claims.ts';
import { refusalOfError } from '../../transport/service-failure.ts';
import { bypassesDistribution } from '../../transport/viewer-address.ts';
import { log } from '../../core/runtime/logger.ts';
import { count } from '../../core/runtime/metrics.ts';
import { authenticate, type CallerContext, contextOf } from './authenticate.ts';

/**
 * An authorizer's simple response, format 2.0. For requests through the distribution it always authorises, so that the
 * function answers with a problem document if the context has no caller. API Gateway itself would answer a denial with
 * 403, an error with 500, and neither with a problem document.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 */
export type HttpAuthorization =
  | { readonly isAuthorized: true; readonly context: CallerContext | { readonly denied: Denial } }
  /** A request that bypassed the distribution: API Gateway answers 403 and runs no function. */
  | { readonly isAuthorized: false };

type AuthorizerEvent = Pick<APIGatewayRequestAuthorizerEventV2, 'headers'> & {
  readonly requestContext?: { readonly requestId?: string };
};

/**
 * Finds the caller from `authorization: Bearer …` (RFC 6750, section 2.1). If a service fails, the context has no
 * caller and states the reason. API Gateway caches this answer like any other.
 */
export async function authorizeHttp(event: AuthorizerEvent): Promise<HttpAuthorization> {
  if (bypassesDistribution(event.headers ?? {})) return { isAuthorized: false };
  const token = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(event.headers?.['authorization'] ?? '')?.[1];
  try {
    const caller = token === undefined ? undefined : await authenticate(token);
    return { isAuthorized: true, context: caller === undefined ? { denied: 'unauthenticated' } : contextOf(caller) };
  } catch (error) {
    log('error', 'authorization.failed', { requestId: event.requestContext?.requestId }, error);
    count('Failures');
    return { isAuthorized: true, context: { denied: refusalOfError(error).refused.name } };
  }
}
