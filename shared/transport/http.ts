import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import {
  type Route,
  type RouteInput,
  type RouteProblem,
  routeKeys,
  type RouteSuccess,
} from '../contract/kit/define-route.ts';
import { forbidden, notFound, validationFailed } from '../contract/problems.ts';
import type { FieldError } from '../contract/kit/define-problem.ts';
import { ulidPattern } from '../contract/schemas/ids.ts';
import { log } from '../core/runtime/logger.ts';
import { count } from '../core/runtime/metrics.ts';
import { allows } from '../core/tenancy/permissions.ts';
import type { Principal } from '../core/tenancy/principal.ts';
import { principalOf, refusalOfNobody } from './claims.ts';
import { jsonBody } from './json-body.ts';
import { isRefusal, problemBodyOf, type Refusal, refuse } from '../core/refusal.ts';
import { refusalOfError } from './service-failure.ts';
import { pointer, validate, validationDetails } from './validation.ts';
import { bypassesDistribution, viewerAddress } from './viewer-address.ts';

/** What every handler knows of its request. */
export interface RequestContext {
  readonly requestId: string;
  /** Address of the client, seen by the distribution or, where it was gone round, by API Gateway. */
  readonly sourceIp: string;
  readonly userAgent: string;
}

/** Input of a handler: everything is validated, and whoever needs a session has one. */
export type HandlerInput<R extends Route> = RouteInput<R> & {
  readonly context: RequestContext;
  readonly principal: R['access'] extends 'public' ? undefined : Principal;
};

/** Answers with one of the route's statuses, or refuses with one of the route's problems; nothing else compiles. */
export type Handler<R extends Route> = (input: HandlerInput<R>) => Promise<RouteSuccess<R> | Refusal<RouteProblem<R>>>;

/** One handler for each route of a function, by operation id. */
export type Handlers<Routes extends readonly Route[]> = {
  readonly [Id in Routes[number]['operationId']]: Handler<Extract<Routes[number], { readonly operationId: Id }>>;
};

type HttpEvent = APIGatewayProxyEventV2 & {
  requestContext: { authorizer?: { lambda?: unknown } };
};

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

type AnyHandler = (input: unknown) => Promise<Answer | Refusal>;

/**
 * The Lambda handler of a group of routes: middy with a log line, a metric and the only catch around
 * route → session → permission → body → validation → handler → response.
 *
 * @param refuseUnrouted - the answer to requests of API Gateway's `$default` route.
 */
export function serve<const Routes extends readonly Route[]>(
  routes: Routes,
  handlers: Handlers<Routes>,
  refuseUnrouted: (method: string, path: string) => Refusal = () => refuse(notFound),
) {
  const operations = new Map<string, { route: Route; handler: AnyHandler }>();
  for (const route of routes) {
    const handler = handlers[route.operationId as keyof Handlers<Routes>] as unknown as AnyHandler;
    for (const key of routeKeys(route)) operations.set(key, { route, handler });
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
        conversationId: idOrNothing(event.pathParameters?.['conversationId']),
        operation: operation?.route.operationId,
        status: response.statusCode,
        problem: isRefusal(outcome) ? outcome.refused.name : undefined,
        latencyMs: Math.round(performance.now() - startedAt),
      });
      return response;
    });
}

/**
 * The `$default` route also receives preflight requests, for which browsers require a success status. API Gateway adds
 * the CORS headers of the stage; without them, the browser does not send the actual request.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
function answerUnrouted(
  { rawPath, headers, requestContext: { http } }: HttpEvent,
  refuseUnrouted: (method: string, path: string) => Refusal,
): Answer | Refusal {
  const isPreflight = http.method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
  return isPreflight ? { status: 204 } : refuseUnrouted(http.method, rawPath);
}

/** Only what can be an id is logged: a path may hold anything. */
function idOrNothing(text: string | undefined): string | undefined {
  return text !== undefined && ulidPattern.test(text) ? text : undefined;
}

async function handle(
  { route, handler }: { route: Route; handler: AnyHandler },
  event: HttpEvent,
  principal: Principal | undefined,
): Promise<Answer | Refusal> {
  if (route.access !== 'public') {
    if (principal === undefined || principal.expiresAt <= Date.now()) {
      return refusalOfNobody(event.requestContext.authorizer?.lambda);
    }
    if (!allows(principal.role, route.access)) return refuse(forbidden);
  }
  const body = route.body === undefined ? { json: undefined, errors: [] } : jsonBody(event);
  if (isRefusal(body)) return body;

  const errors: FieldError[] = [...body.errors];
  const params: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(route.params)) {
    const checked = validate(schema, 'path', event.pathParameters?.[name]);
    if (checked.valid) params[name] = checked.value;
    else errors.push(...checked.errors.map((error) => ({ ...error, pointer: `/path/${name}` })));
  }
  errors.push(...malformedQuery(event.rawQueryString));
  const query = validate(route.query, 'query', event.queryStringParameters ?? {});
  if (!query.valid) errors.push(...query.errors);
  const payload = route.body === undefined ? undefined : validate(route.body, 'body', body.json);
  if (payload !== undefined && !payload.valid) errors.push(...payload.errors);
  if (errors.length > 0) {
    return refuse(validationFailed, validationDetails(errors));
  }
  return handler({
    params,
    query: query.valid ? query.value : {},
    body: payload?.valid ? payload.value : undefined,
    principal,
    context: {
      requestId: event.requestContext.requestId,
      sourceIp: viewerAddress(event.headers, event.requestContext.http.sourceIp),
      userAgent: event.requestContext.http.userAgent,
    },
  });
}

/** API Gateway replaces bytes that are no UTF-8, so only the raw query string shows them. */
function malformedQuery(query: string): FieldError[] {
  return query.split('&').flatMap((parameter) => {
    try {
      decodeURIComponent(parameter);
      return [];
    } catch {
      const name = /^[\w-]*/.exec(parameter)?.[0] ?? '';
      return [
        { pointer: pointer(['query', name]), code: 'malformed_encoding', detail: 'must be UTF-8, percent-encoded' },
      ];
    }
  });
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
  // Section 15.5.6.
  if (outcome.allow !== undefined) headers['allow'] = outcome.allow;
  return {
    statusCode: outcome.refused.status,
    headers,
    ...bodyFor(event, problemBodyOf(outcome, requestId, event.rawPath)),
  };
}

/** The answer to HEAD has the headers of the answer to GET, and no body. */
function bodyFor(event: HttpEvent, body: unknown): { readonly body?: string } {
  return event.requestContext.http.method === 'HEAD' ? {} : { body: JSON.stringify(body) };
}
