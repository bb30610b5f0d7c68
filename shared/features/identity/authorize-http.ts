import type { APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda';
import type { Denial } from '../../transport/claims.ts';
import { refusalOfError } from '../../transport/service-failure.ts';
import { bypassesDistribution } from '../../transport/viewer-address.ts';
import { log } from '../../core/runtime/logger.ts';
import { count } from '../../core/runtime/metrics.ts';
import { authenticate, type CallerContext, contextOf } from './authenticate.ts';

/**
 * Format 2.0. Requests through the distribution are always authorised, so that the function answers with a problem
 * document if there is no caller.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 */
export type HttpAuthorization =
  | { readonly isAuthorized: true; readonly context: CallerContext | { readonly denied: Denial } }
  /** The request bypassed the distribution. */
  | { readonly isAuthorized: false };

type AuthorizerEvent = Pick<APIGatewayRequestAuthorizerEventV2, 'headers'> & {
  readonly requestContext?: { readonly requestId?: string };
};

/** RFC 6750, section 2.1. If a service fails, the context states the reason. API Gateway caches this answer too. */
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
