import { randomBytes } from 'node:crypto';
import type { Assembly, FunctionHost, InvocationOutcome, Resource } from '../contract.ts';
import type { Authorizer } from './authorization.ts';
import { crossOrigin } from './cross-origin.ts';
import { gatewayMessage } from './exchange.ts';
import type { ApiRequest, ApiResponse } from './exchange.ts';
import { lambdaAuthorizer } from './lambda-authorizer.ts';
import { httpResponseOf } from './lambda-response.ts';
import { belongingTo, functionArnOf, integrationOf } from './lambda-targets.ts';
import type { InvokePermission } from './lambda-targets.ts';
import { integrationEvent, requestPayload } from './payload-version-2.ts';
import { propertyText } from './property-text.ts';
import { RouteTable } from './route-table.ts';
import { stageThrottle } from './throttle.ts';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const bodyLimit = 10 * 1024 * 1024;
const headerLimit = 10_240;
const integrationLimitMs = 30_000;

export interface HttpApiOptions {
  readonly assembly: Assembly;
  readonly api: Resource;
  readonly host: FunctionHost;
  readonly permission: InvokePermission;
  readonly account?: () => boolean;
  /** Milliseconds. */
  readonly now?: () => number;
}

export interface HttpApi {
  readonly id: string;
  readonly stage: string;
  /** `path` excludes the stage's name. */
  handle(request: ApiRequest): Promise<ApiResponse>;
}

interface Route {
  readonly key: string;
  readonly functionArn: string;
  readonly timeoutMs: number;
  readonly authorizer: Authorizer | undefined;
  /** The function's policy must allow it. */
  readonly sourceArn: string;
}

/** @throws Error for an unsupported property. */
export function createHttpApi(options: HttpApiOptions): HttpApi {
  const { assembly, api, host, permission } = options;
  const now = options.now ?? Date.now;
  const stageResource = belongingTo(assembly.ofType('AWS::ApiGatewayV2::Stage'), api.physicalId)[0];
  const stage = propertyText(stageResource, 'StageName') ?? '$default';
  const apiArn = `arn:aws:execute-api:${assembly.region}:${assembly.accountId}:${api.physicalId}`;
  const stageVariables = stageResource?.properties['StageVariables'] as Record<string, string> | undefined;
  const routes = readRoutes(options, apiArn, stage, now);
  const cors = crossOrigin(api.properties['CorsConfiguration'] as Parameters<typeof crossOrigin>[0]);
  const takes = stageThrottle(stageResource, now, options.account);

  async function answer(request: ApiRequest, requestId: string): Promise<ApiResponse> {
    if (request.body.length > bodyLimit) return gatewayMessage(413, 'Request Entity Too Large');
    if (headerBytes(request.headers) > headerLimit) return gatewayMessage(431, 'Request Header Fields Too Large');
    let match;
    try {
      match = routes.match(request.method, request.path);
    } catch {
      return gatewayMessage(400, 'Bad Request');
    }
    if (match === undefined) return cors.preflight(request) ?? gatewayMessage(404, 'Not Found');
    const { route, parameters } = match;
    if (!takes(route.key)) return gatewayMessage(429, 'Too Many Requests');
    const payload = requestPayload(request, {
      assembly,
      apiId: api.physicalId,
      stage,
      requestId,
      routeKey: route.key,
      pathParameters: parameters,
      stageVariables,
      timeEpoch: Date.now(),
    });
    let context: Readonly<Record<string, unknown>> | undefined;
    if (route.authorizer !== undefined) {
      const routeArn = `${apiArn}/${stage}/${request.method}${request.path}`;
      const authorization = await route.authorizer(payload, routeArn);
      if (authorization.kind === 'refused') return authorization.response;
      context = authorization.context;
    }
    if (!permission(route.functionArn, route.sourceArn).allowed) return gatewayMessage(500, 'Internal Server Error');
    const event = integrationEvent(payload, request, context);
    return responseOf(await within(host.invoke(route.functionArn, event, route.key), route.timeoutMs));
  }

  return {
    id: api.physicalId,
    stage,
    handle: async (request) => {
      const requestId = `${randomBytes(11).toString('base64url')}=`;
      const response = cors.apply(request, await answer(request, requestId));
      return { ...response, headers: [...response.headers, ['apigw-requestid', requestId]] };
    },
  };
}

function readRoutes(options: HttpApiOptions, apiArn: string, stage: string, now: () => number): RouteTable<Route> {
  const { assembly, api, host, permission } = options;
  const integrations = belongingTo(assembly.ofType('AWS::ApiGatewayV2::Integration'), api.physicalId);
  const authorizers = new Map<string, Authorizer>();
  for (const resource of belongingTo(assembly.ofType('AWS::ApiGatewayV2::Authorizer'), api.physicalId)) {
    if (resource.properties['AuthorizerType'] !== 'REQUEST') {
      throw new Error(`${resource.logicalId}: the local run supports authorizers of type REQUEST only.`);
    }
    authorizers.set(resource.physicalId, lambdaAuthorizer(resource, apiArn, host, permission, now));
  }
  const table = new RouteTable<Route>();
  for (const resource of belongingTo(assembly.ofType('AWS::ApiGatewayV2::Route'), api.physicalId)) {
    const key = propertyText(resource, 'RouteKey') ?? '';
    const integration = integrationOf(resource.properties['Target'], integrations);
    const functionArn = functionArnOf(propertyText(integration, 'IntegrationUri') ?? '');
    if (integration?.properties['IntegrationType'] !== 'AWS_PROXY' || functionArn === undefined) {
      throw new Error(`${resource.logicalId} (${key}): the local run supports integrations with functions only.`);
    }
    if (integration.properties['PayloadFormatVersion'] !== '2.0') {
      throw new Error(`${resource.logicalId} (${key}): the local run supports payload format 2.0 only.`);
    }
    table.add(key, {
      key,
      functionArn,
      timeoutMs: Number(integration.properties['TimeoutInMillis'] ?? integrationLimitMs),
      authorizer: authorizerOf(resource, authorizers),
      sourceArn: `${apiArn}/${stage}/${key.replace(' ', '')}`,
    });
  }
  return table;
}

function authorizerOf(route: Resource, authorizers: ReadonlyMap<string, Authorizer>): Authorizer | undefined {
  const type = route.properties['AuthorizationType'] ?? 'NONE';
  if (type === 'NONE') return undefined;
  const authorizer = authorizers.get(propertyText(route, 'AuthorizerId') ?? '');
  if (authorizer === undefined) {
    throw new Error(
      `${route.logicalId}: the local run does not support authorization of type ${JSON.stringify(type)}.`,
    );
  }
  return authorizer;
}

function headerBytes(headers: Readonly<Record<string, string>>): number {
  let bytes = 0;
  for (const name in headers) bytes += name.length + (headers[name]?.length ?? 0) + 4;
  return bytes;
}

/** After this timeout, the function continues. */
async function within(
  outcome: Promise<InvocationOutcome>,
  limitMs: number,
): Promise<InvocationOutcome | 'integration timed out'> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<'integration timed out'>((resolve) => {
    timer = setTimeout(() => resolve('integration timed out'), limitMs);
  });
  try {
    return await Promise.race([outcome, limit]);
  } finally {
    clearTimeout(timer);
  }
}

function responseOf(outcome: InvocationOutcome | 'integration timed out'): ApiResponse {
  if (outcome === 'integration timed out') return gatewayMessage(503, 'Service Unavailable');
  if (outcome.kind === 'returned') {
    return httpResponseOf(outcome.payload) ?? gatewayMessage(500, 'Internal Server Error');
  }
  if (outcome.kind === 'failed' && outcome.errorType === 'TooManyRequestsException') {
    return gatewayMessage(503, 'Service Unavailable');
  }
  if (outcome.kind === 'failed' && outcome.errorType === 'RequestTooLargeException') {
    return gatewayMessage(413, 'Request Entity Too Large');
  }
  return gatewayMessage(500, 'Internal Server Error');
}
