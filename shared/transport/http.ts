import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type Route, type RouteProblem, routeKeys, type RouteSuccess } from '../contract/kit/define-route.ts';
import { forbidden, notFound } from '../contract/problems.ts';
import { ulidPattern } from '../contract/schemas/ids.ts';
import { isRefusal, problemBodyOf, type Refusal, refuse } from '../core/refusal.ts';
import { log } from '../core/runtime/logger.ts';
import { count } from '../core/runtime/metrics.ts';
import { allows } from '../core/tenancy/permissions.ts';
import type { Principal } from '../core/tenancy/principal.ts';
import type { UseCase } from '../core/use-case.ts';
import { principalOf, refusalWithoutSession } from './claims.ts';
import { withPointersInto } from './refusal-pointers.ts';
import { bytesOf } from './json-body.ts';
import { partOf, readInput } from './request-input.ts';
import { refusalOfError } from './service-failure.ts';
import { bypassesDistribution, viewerAddress } from './viewer-address.ts';

type IsUnion<Status, Whole = Status> = Status extends Whole ? ([Whole] extends [Status] ? false : true) : never;

/** If a route has several success statuses, the answer names its status. */
export type RouteHandler<R extends Route> =
  IsUnion<keyof R['responses']> extends true
    ? (...call: Parameters<UseCase<R>>) => Promise<RouteSuccess<R> | Refusal<RouteProblem<R>>>
    : UseCase<R>;

export type RouteHandlers<Routes extends readonly Route[]> = {
  readonly [Id in Routes[number]['operationId']]: RouteHandler<Extract<Routes[number], { readonly operationId: Id }>>;
};

type HttpEvent = APIGatewayProxyEventV2 & {
  requestContext: { authorizer?: { lambda?: unknown } };
};

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

interface Operation {
  readonly route: Route;
  readonly status: number | undefined;
  readonly handler: (...call: readonly unknown[]) => Promise<unknown>;
}

/**
 * Creates the Lambda handler of a group of routes: route → session → permission → body → validation → use case →
 * response.
 *
 * @param refuseUnrouted - the answer to requests of API Gateway's `$default` route.
 */
export function serve<const Routes extends readonly Route[]>(
  routes: Routes,
  handlers: RouteHandlers<Routes>,
  refuseUnrouted: (method: string, path: string) => Refusal = () => refuse(notFound),
) {
  const operations = new Map<string, Operation>();
  for (const route of routes) {
    const handler = handlers[route.operationId as keyof RouteHandlers<Routes>] as unknown as Operation['handler'];
    const [status, another] = Object.keys(route.responses);
    const operation = { route, handler, status: another === undefined ? Number(status) : undefined };
    for (const key of routeKeys(route)) operations.set(key, operation);
  }

  return middy<HttpEvent, APIGatewayProxyStructuredResultV2>()
    .use({
      onError: (request: middy.Request<HttpEvent, APIGatewayProxyStructuredResultV2>) => {
        log('error', 'request.failed', { requestId: request.event.requestContext.requestId }, request.error);
        count('Failures');
        request.response = toResponse(request.event, refusalOfError(request.error));
      },
    })
    .handler(async (event: HttpEvent) => {
      const startedAt = performance.now();
      const operation = operations.get(event.routeKey);
      const principal = principalOf(event.requestContext.authorizer?.lambda);
      const outcome = bypassesDistribution(event.headers)
        ? refuse(forbidden, { detail: 'Send requests to the public address of the service.' })
        : operation === undefined
          ? answerUnrouted(event, refuseUnrouted)
          : await handle(operation, event, principal);
      const response = toResponse(event, outcome);
      count(isRefusal(outcome) ? 'Refusals' : 'Requests');
      log('info', 'request', {
        requestId: event.requestContext.requestId,
        tenantId: principal?.tenantId,
        userId: principal?.userId,
        conversationId: validId(event.pathParameters?.['conversationId']),
        operation: operation?.route.operationId,
        status: response.statusCode,
        problem: isRefusal(outcome) ? outcome.refused.name : undefined,
        latencyMs: Math.round(performance.now() - startedAt),
      });
      return response;
    });
}

/**
 * `$default` also receives preflight requests, for which browsers require a success status. API Gateway adds the CORS
 * headers. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
function answerUnrouted(
  { rawPath, headers, requestContext: { http } }: HttpEvent,
  refuseUnrouted: (method: string, path: string) => Refusal,
): Answer | Refusal {
  const isPreflight = http.method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
  return isPreflight ? { status: 204 } : refuseUnrouted(http.method, rawPath);
}

/** A path may contain any text, so only valid ids are logged. */
function validId(text: string | undefined): string | undefined {
  return text !== undefined && ulidPattern.test(text) ? text : undefined;
}

async function handle(
  { route, status, handler }: Operation,
  event: HttpEvent,
  principal: Principal | undefined,
): Promise<Answer | Refusal> {
  if (route.access !== 'public') {
    if (principal === undefined || principal.expiresAt <= Date.now()) {
      return refusalWithoutSession(event.requestContext.authorizer?.lambda);
    }
    if (!allows(principal.role, route.access)) return refuse(forbidden);
  }
  const read = readInput(route, event);
  if (isRefusal(read)) return read;
  const outcome = withPointersInto(
    await (route.access === 'public'
      ? handler(read.input, {
          sourceIp: viewerAddress(event.headers, event.requestContext.http.sourceIp),
          ...(route.rawBody === undefined ? {} : { headers: event.headers, bytes: bytesOf(event) }),
        })
      : handler(principal, read.input)),
    (member) => partOf(route, member),
  );
  if (isRefusal(outcome)) return outcome;
  return status === undefined ? (outcome as Answer) : { status, body: outcome };
}

function toResponse(event: HttpEvent, outcome: Answer | Refusal): APIGatewayProxyStructuredResultV2 {
  const { requestId } = event.requestContext;
  const headers: Record<string, string> = {
    'x-request-id': requestId,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  };
  if (!isRefusal(outcome)) {
    if (outcome.body === undefined) return { statusCode: outcome.status, headers };
    headers['content-type'] = 'application/json';
    return { statusCode: outcome.status, headers, ...bodyFor(event, outcome.body) };
  }
  headers['content-type'] = 'application/problem+json';
  // RFC 9110, sections 10.2.3 and 11.6.1.
  if (outcome.retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(outcome.retryAfterMs / 1000));
  if (outcome.refused.status === 401) headers['www-authenticate'] = 'Bearer';
  // RFC 9110, section 15.5.6.
  if (outcome.allow !== undefined) headers['allow'] = outcome.allow;
  return {
    statusCode: outcome.refused.status,
    headers,
    ...bodyFor(event, problemBodyOf(outcome, requestId, event.rawPath)),
  };
}

/** HEAD has the headers of GET, but no body. */
function bodyFor(event: HttpEvent, body: unknown): { readonly body?: string } {
  return event.requestContext.http.method === 'HEAD' ? {} : { body: JSON.stringify(body) };
}
