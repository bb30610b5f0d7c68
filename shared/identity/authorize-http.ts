import type { APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda';
import { authenticate, type CallerContext, contextOf } from './authenticate.ts';

/**
 * A simple response, format 2.0. Everyone is let through to the function, which answers 401 as our problem document if
 * there is no caller in the context: API Gateway would answer a refusal with 403 and a body of its own.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 */
export interface HttpAuthorization {
  readonly isAuthorized: true;
  readonly context: CallerContext | { readonly denied: 'unauthenticated' };
}

/** Who calls the HTTP API, from `authorization: Bearer …` (RFC 6750, section 2.1). */
export async function authorizeHttp(
  event: Pick<APIGatewayRequestAuthorizerEventV2, 'headers'>,
): Promise<HttpAuthorization> {
  const token = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(event.headers?.['authorization'] ?? '')?.[1];
  const caller = token === undefined ? undefined : await authenticate(token);
  return { isAuthorized: true, context: caller === undefined ? { denied: 'unauthenticated' } : contextOf(caller) };
}
